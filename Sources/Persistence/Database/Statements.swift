import GRDB

extension Database {
    /// What a transaction is begun for (`BEGIN`, SQLite's documentation).
    enum Purpose: String {
        /// The state of the first thing that is read is that of all the rest.
        case reading = "BEGIN DEFERRED TRANSACTION"
        case writing = "BEGIN IMMEDIATE TRANSACTION"
    }

    /// One transaction, whose statements are compiled once per connection, unlike GRDB's own.
    func transaction<Value>(for purpose: Purpose, _ body: () throws -> Value) throws -> Value {
        try run(purpose.rawValue)
        do {
            let value = try body()
            try run("COMMIT TRANSACTION")
            return value
        } catch {
            // SQLite itself gives up some of those that fail; and what cannot be undone now is not there after the next start.
            if isInsideTransaction { try? rollback() }
            throw error
        }
    }

    /// Executes one statement, compiled once per connection, and returns how many rows it changed.
    @discardableResult
    func run(_ sql: String, _ arguments: StatementArguments = StatementArguments()) throws -> Int {
        try cachedStatement(sql: sql).execute(arguments: arguments)
        return changesCount
    }

    /// The first row of a statement that is compiled once per connection.
    func first<Record: FetchableRecord>(
        _: Record.Type, _ sql: String, _ arguments: StatementArguments = StatementArguments()
    ) throws -> Record? {
        try Record.fetchOne(cachedStatement(sql: sql), arguments: arguments)
    }

    /// All rows of a statement that is compiled once per connection.
    func all<Record: FetchableRecord>(
        _: Record.Type, _ sql: String, _ arguments: StatementArguments = StatementArguments()
    ) throws -> [Record] {
        try Record.fetchAll(cachedStatement(sql: sql), arguments: arguments)
    }
}
