import GRDB
import Synchronization
import TestSupport

@testable import Persistence

/// The plans that SQLite makes for the statements a verb really runs, without those that only begin and end transactions.
///
/// - Parameters:
///   - preparation: runs before anything is recorded.
///   - verb: what is looked at.
/// - Returns: the lines of `EXPLAIN QUERY PLAN`, statement by statement.
func plans<Prepared>(
    after preparation: (Store) async throws -> Prepared, of verb: (Store, Prepared) async throws -> Void
) async throws -> [String] {
    try await withTemporaryFolder { folder in
        // With one reader, the connection that is traced is the one that the verb reads from.
        let store = try await Store.open(DataFolder(folder), Store.Options(readers: 1, version: "test"))
        let prepared = try await preparation(store)
        let recorder = StatementRecorder()
        try await store.writer.submit { recorder.listen(to: $0) }
        try await store.jobs.reader.read { recorder.listen(to: $0) }
        try await verb(store, prepared)
        let statements = recorder.statements
        let plans = try await store.writer.submit { database in
            try statements.flatMap { try plan(of: $0, in: database) }
        }
        await store.writer.close()
        return plans
    }
}

/// The plan of one statement, its parameters unbound.
func plan(of sql: String, in database: Database) throws -> [String] {
    let statement = try database.makeStatement(sql: "EXPLAIN QUERY PLAN " + sql)
    statement.setUncheckedArguments(StatementArguments())
    return try Row.fetchAll(statement).map { $0["detail"] }
}

private final class StatementRecorder: Sendable {
    private let recorded = Mutex<[String]>([])

    func listen(to database: Database) {
        database.trace(options: .statement) { event in
            guard case .statement(let statement) = event else { return }
            let sql = statement.sql
            self.recorded.withLock { $0.append(sql) }
        }
    }

    var statements: [String] {
        let words = ["SELECT", "INSERT", "UPDATE", "DELETE"]
        return recorded.withLock { $0 }.filter { sql in words.contains { sql.hasPrefix($0) } }
    }
}
