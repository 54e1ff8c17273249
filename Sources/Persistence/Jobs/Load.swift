import GRDB

/// What jobs that have not ended ask of the server.
package struct Load: Sendable {
    /// How many jobs wait or are about to: uploading and pending.
    package let queued: Int
    /// Bytes of disk that the work of all pending and running jobs may need.
    package let promised: Int64
}

extension JobStore {
    package func load() async throws -> Load {
        try await reader.read { try $0.load() }
    }
}

extension Database {
    /// Of the tally's rows, which triggers keep.
    func load() throws -> Load {
        let row = try Row.fetchOne(
            cachedStatement(
                sql: """
                    SELECT sum(value) FILTER (WHERE name = 'jobs'), sum(value) FILTER (WHERE name = 'disk') FROM tally
                     WHERE name IN ('jobs', 'disk') AND label IN ('uploading', 'pending', 'promised')
                    """))
        return Load(queued: row?[0] ?? 0, promised: row?[1] ?? 0)
    }
}
