import GRDB

extension Database {
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
