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
    /// A JSON object.
    package let details: String?
}

extension Event: RowRecord {
    init(_ row: inout RowReader) throws {
        id = try row.next("id")
        at = try row.next("at")
        subjectKind = try row.next("subjectKind")
        subjectId = try row.next("subjectId")
        fromStatus = try row.next("fromStatus")
        toStatus = try row.next("toStatus")
        attempt = try row.next("attempt")
        client = try row.next("client")
        requestId = try row.next("requestId")
        reason = try row.next("reason")
        details = try row.next("details")
    }
}

extension Database {
    /// Leaves an event that is no transition.
    func note(
        subject kind: String, _ id: String, _ reason: String, _ now: Instant, client: String? = nil,
        requestId: String? = nil, details: [String: String]? = nil
    ) throws {
        try run(
            """
            INSERT INTO event (at, subjectKind, subjectId, client, requestId, reason, details)
            VALUES (:now, :kind, :id, :client, :requestId, :reason, :details)
            """,
            [
                "now": now, "kind": kind, "id": id, "client": client, "requestId": requestId, "reason": reason,
                "details": details.map { try jsonText($0) },
            ])
    }
}
