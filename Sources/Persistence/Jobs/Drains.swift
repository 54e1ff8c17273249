import GRDB

extension Store {
    /// Notes in the audit trail that an operator has the server drained, or that it takes jobs again.
    package func noteDrain(isOn: Bool, requestId: String?, now: Instant = .now) async throws {
        try await writer.submit { [boot] database in
            try database.run(
                """
                INSERT INTO event (at, subjectKind, subjectId, client, requestId, reason)
                VALUES (:now, 'boot', :boot, 'operator', :requestId, :reason)
                """,
                ["now": now, "boot": boot, "requestId": requestId, "reason": isOn ? "drained" : "resumed"])
        }
    }
}
