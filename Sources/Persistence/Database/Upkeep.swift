import GRDB

/// What keeps the database small and quick, in steps that delay nobody. All of it by the writer's connection.
package struct Upkeep: Sendable {
    let writer: Writer
    let folder: DataFolder

    /// Has SQLite look again at how the tables are filled, where that has changed much; at a sample of each index.
    package func optimize() async throws {
        try await writer.maintain { database in
            try database.execute(sql: "PRAGMA analysis_limit = 400")
            try database.execute(sql: "PRAGMA optimize")
        }
    }

    /// Gives up to `pages` pages that are free back to the file system, if a quarter of the file is free.
    ///
    /// - Returns: whether there is more to give back.
    @discardableResult
    package func shrink(pages: Int = 256) async throws -> Bool {
        try await writer.maintain { database in
            let free = try Int.fetchOne(database, sql: "PRAGMA freelist_count") ?? 0
            let all = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
            guard free > 1024, free * 4 > all else { return false }
            try database.execute(sql: "PRAGMA incremental_vacuum(\(pages))")
            return free > pages
        }
    }

    /// Of the write-ahead log, in bytes.
    package var logSize: Int64 { folder.walSize ?? 0 }

    /// Empties the write-ahead log, if it has grown beyond `bound` bytes. It does not wait for those who still read from
    /// it: another time will do.
    ///
    /// - Returns: whether the log is within its bound.
    @discardableResult
    package func boundLog(_ bound: Int64 = 64 << 20) async throws -> Bool {
        guard logSize > bound else { return true }
        return try await writer.maintain { database in
            let patience = try Int.fetchOne(database, sql: "PRAGMA busy_timeout") ?? 0
            try database.execute(sql: "PRAGMA busy_timeout = 0")
            defer {
                // It was taken before; if it is not now, the next lock is only given up sooner.
                try? database.execute(sql: "PRAGMA busy_timeout = \(patience)")
            }
            let outcome = try Row.fetchOne(database, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
            return outcome?[0] == 0
        }
    }

    /// Forgets where clients stood in line who would get the same turn without it. Returns how many.
    @discardableResult
    package func forgetShares(limit: Int = 500) async throws -> Int {
        try await writer.submit { database in
            try database.run(
                """
                DELETE FROM share WHERE (tool, priority, client) IN
                    (SELECT share.tool, share.priority, share.client FROM share JOIN share AS line
                         ON line.tool = share.tool AND line.priority = share.priority AND line.client = ''
                      WHERE share.client <> '' AND share.turn < line.turn LIMIT :limit)
                """, ["limit": limit])
        }
    }
}
