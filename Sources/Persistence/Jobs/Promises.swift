import GRDB

extension JobStore {
    /// Bytes of disk that the work of all pending and running jobs may need. One row, kept by trigger.
    package func promised() async throws -> Int64 {
        try await reader.read { database in
            try Int64.fetchOne(
                database.cachedStatement(sql: "SELECT value FROM tally WHERE name = 'disk' AND label = 'promised'"))
                ?? 0
        }
    }
}
