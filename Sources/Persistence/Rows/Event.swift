import GRDB

/// One line of the audit trail.
package struct Event: Codable, Sendable, Identifiable {
    package let id: Int64
    package let at: Instant
    package let subjectKind: String
    package let subjectId: String
    package let fromStatus: Status?
    package let toStatus: Status?
    package let attempt: Int?
    package let client: String?
    package let requestId: String?
    package let reason: String?
}

extension Event: FetchableRecord {}
