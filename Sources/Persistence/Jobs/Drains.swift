import GRDB

extension Store {
    /// Notes in the audit trail that an operator has the server drained, or that it takes jobs again.
    package func noteDrain(isOn: Bool, requestId: String?, now: Instant = .now) async throws {
        try await writer.submit { [boot] database in
            try database.note(
                subject: "boot", boot.rawValue, isOn ? "drained" : "resumed", now, client: "operator",
                requestId: requestId)
        }
    }
}
