import GRDB
import GRDBSQLite

/// A row as SQLite gives it, read column by column in their order.
///
/// GRDB finds columns by name, and makes a dictionary of the names for every query: for a job with its files, that cost as
/// much as all the rest of reading it. What is read seldom may be a `FetchableRecord` all the same.
struct RowReader {
    private let statement: SQLiteStatement
    private var index: CInt = 0

    fileprivate init(_ statement: SQLiteStatement) {
        self.statement = statement
    }

    /// The next column. Its name is for readers, and for tests: they stop at one that is another.
    mutating func next<Value: StatementColumnConvertible>(_ name: StaticString) throws -> Value {
        defer { skip(name) }
        guard let value = Value.fromStatement(statement, atUncheckedIndex: index) else {
            throw UnreadableColumn(name: name.description)
        }
        return value
    }

    /// The next column, which holds JSON; `nil` where it is NULL.
    mutating func json<Value: Decodable>(_ name: StaticString) throws -> Value? {
        let text: String? = try next(name)
        return try text.map { try value(ofJSON: $0) }
    }

    /// Passes over the next column.
    mutating func skip(_ name: StaticString) {
        assert(
            String(cString: sqlite3_column_name(statement, index)) == name.description, "column \(index) is not \(name)"
        )
        index += 1
    }
}

/// A column that holds nothing, or a word that we do not know.
struct UnreadableColumn: Error {
    let name: String
}

/// What is read from a row in the order of its columns: of those of the table, and of others behind them.
protocol RowRecord: Sendable {
    init(_ row: inout RowReader) throws
}

/// The way of such a record through GRDB, for which it is a value that begins in the first column.
private struct ReadRecord<Record: RowRecord>: DatabaseValueConvertible, StatementColumnConvertible {
    let record: Result<Record, any Error>

    init(sqliteStatement: SQLiteStatement, index: CInt) {
        record = Result {
            var row = RowReader(sqliteStatement)
            return try Record(&row)
        }
    }

    // GRDB wants these two of everything that it reads; a record is neither bound nor converted.
    var databaseValue: DatabaseValue { .null }

    static func fromDatabaseValue(_: DatabaseValue) -> Self? { nil }
}

extension Database {
    /// The first row of a statement that is compiled once per connection. Its first column must not be NULL.
    func first<Record: RowRecord>(
        _: Record.Type, _ sql: String, _ arguments: StatementArguments = StatementArguments()
    ) throws -> Record? {
        try ReadRecord<Record>.fetchOne(cachedStatement(sql: sql), arguments: arguments)?.record.get()
    }

    /// All rows of a statement that is compiled once per connection. Their first columns must not be NULL.
    func all<Record: RowRecord>(
        _: Record.Type, _ sql: String, _ arguments: StatementArguments = StatementArguments()
    ) throws -> [Record] {
        let rows = try ReadRecord<Record>.fetchCursor(cachedStatement(sql: sql), arguments: arguments)
        var records: [Record] = []
        while let row = try rows.next() { records.append(try row.record.get()) }
        return records
    }
}
