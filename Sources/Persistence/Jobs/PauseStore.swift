import GRDB

/// The verbs of pauses: which tools stand still because an operator wants it.
package struct PauseStore: Sendable {
    let writer: Writer
    let reader: Readers

    /// Since when each paused tool is, by its name.
    package func all() async throws -> [String: Instant] {
        try await reader.read { database in
            let rows = try Row.fetchAll(database, sql: "SELECT tool, pausedAt FROM pause")
            return rows.reduce(into: [:]) { pauses, row in pauses[row["tool"]] = row["pausedAt"] }
        }
    }

    /// Pausing twice changes nothing more.
    package func pause(_ tool: String, requestId: String?, now: Instant = .now) async throws {
        try await change(
            "INSERT INTO pause (tool, pausedAt) VALUES (:tool, :now) ON CONFLICT DO NOTHING",
            ["tool": tool, "now": now], of: tool, "paused", requestId, now)
    }

    package func resume(_ tool: String, requestId: String?, now: Instant = .now) async throws {
        try await change("DELETE FROM pause WHERE tool = :tool", ["tool": tool], of: tool, "resumed", requestId, now)
    }

    /// With an event, where anything was changed.
    private func change(
        _ sql: String, _ arguments: StatementArguments, of tool: String, _ reason: String, _ requestId: String?,
        _ now: Instant
    ) async throws {
        try await writer.submit { database in
            guard try database.run(sql, arguments) == 1 else { return }
            try database.note(subject: "tool", tool, reason, now, client: "operator", requestId: requestId)
        }
    }
}
