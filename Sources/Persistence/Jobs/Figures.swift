import GRDB

/// What the rows say of everything at once, for who watches the server. It is found at the same cost however many jobs
/// there are.
package struct Figures: Sendable {
    /// In each status; final ones count all there ever were.
    package let jobs: [Status: Int]
    /// All that ever ended.
    package let attempts: [Ended]
    /// Since when the conversion waits that arrived first of those that are ready; `nil` when none is.
    package let oldestReady: Instant?
    /// When the newest backup was completed.
    package let lastBackup: Instant?

    package struct Ended: Hashable, Sendable {
        package let converter: String
        package let outcome: String
        package let count: Int
    }
}

extension JobStore {
    /// Calls `tell` when they are read, on a thread of the database.
    package func figures(_ tell: @escaping @Sendable (Result<Figures, any Error>) -> Void) {
        reader.read({ try $0.figures() }, tell)
    }

    /// Connections that read now.
    package var busyReaders: Int { reader.busy }
}

extension Database {
    func figures() throws -> Figures {
        let oldest = try Instant.fetchOne(
            cachedStatement(
                sql: """
                    SELECT changedAt FROM job INDEXED BY jobByStatus
                     WHERE kind = 'conversion' AND status = 'pending' AND dueAt IS NULL
                     ORDER BY createdAt, id LIMIT 1
                    """))
        return Figures(
            jobs: try census(), attempts: try endedAttempts(), oldestReady: oldest,
            lastBackup: try lastBackup()?.finishedAt)
    }

    /// A label is the converter's name, a space, and the outcome.
    private func endedAttempts() throws -> [Figures.Ended] {
        let rows = try Row.fetchAll(cachedStatement(sql: "SELECT label, value FROM tally WHERE name = 'attempts'"))
        return rows.compactMap { row in
            let label: String = row["label"]
            guard let space = label.lastIndex(of: " ") else { return nil }
            return Figures.Ended(
                converter: String(label[..<space]), outcome: String(label[label.index(after: space)...]),
                count: row["value"])
        }
    }
}
