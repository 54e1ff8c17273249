import GRDB

// Jobs that wait for a time: their `dueAt` keeps them out of the line of those that are ready.

extension JobStore {
    /// Makes those ready whose time has come, and tells when the next one is due; `nil` when none waits any more.
    ///
    /// - Parameter longest: no time is ever set further away. What seems to be was set before the wall clock was turned
    ///   back, and is ready as well: turning a clock must not stall a job.
    package func promote(longest: Duration, now: Instant = .now) async throws -> Instant? {
        try await writer.submit { database in
            try database.run(
                "UPDATE job SET dueAt = NULL WHERE status = 'pending' AND dueAt IS NOT NULL AND dueAt <= :now",
                ["now": now])
            try database.run(
                "UPDATE job SET dueAt = NULL WHERE status = 'pending' AND dueAt IS NOT NULL AND dueAt > :furthest",
                ["furthest": now + longest])
            return try Instant.fetchOne(
                database.cachedStatement(
                    sql: "SELECT min(dueAt) FROM job WHERE status = 'pending' AND dueAt IS NOT NULL"))
        }
    }
}
