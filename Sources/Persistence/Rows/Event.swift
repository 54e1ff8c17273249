import GRDB

/// One line of the audit trail.
package struct Event: Sendable, Identifiable {
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

extension Event: FetchableRecord {
    /// By hand: the synthesized decoder costs several times as much, for every row that is read.
    init(row: Row) throws {
        id = row["id"]
        at = row["at"]
        subjectKind = row["subjectKind"]
        subjectId = row["subjectId"]
        fromStatus = row["fromStatus"]
        toStatus = row["toStatus"]
        attempt = row["attempt"]
        client = row["client"]
        requestId = row["requestId"]
        reason = row["reason"]
    }
}
