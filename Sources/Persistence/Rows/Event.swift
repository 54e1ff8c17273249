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

extension Event: FetchableRecord {
    /// By hand: the synthesized decoder costs several times as much, for every row that is read.
    init(row: Row) throws {
        id = try row.decode(forColumn: "id")
        at = try row.decode(forColumn: "at")
        subjectKind = try row.decode(forColumn: "subjectKind")
        subjectId = try row.decode(forColumn: "subjectId")
        fromStatus = try row.decode(forColumn: "fromStatus")
        toStatus = try row.decode(forColumn: "toStatus")
        attempt = try row.decode(forColumn: "attempt")
        client = try row.decode(forColumn: "client")
        requestId = try row.decode(forColumn: "requestId")
        reason = try row.decode(forColumn: "reason")
        details = try row.decode(forColumn: "details")
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
