import GRDB

/// A transaction that was committed.
package struct Commit: Sendable {
    /// How many submissions shared it.
    package let submissions: Int
    /// Of COMMIT itself, which waits for the disk.
    package let duration: Duration
}

/// The server is stopping: nothing was changed.
package struct WriterClosed: Error {}

/// SQLite gave up the transaction that the submission shared.
struct TransactionLost: Error {}

extension Database {
    func countProbe() throws {
        try run(
            """
            INSERT INTO tally (name, label, value) VALUES ('probes', 'write', 1)
                ON CONFLICT (name, label) DO UPDATE SET value = value + 1
            """)
    }

    func savepoint<Value>(_ body: () throws -> Value) throws -> Value {
        var value: Value?
        try inSavepoint {
            value = try body()
            return .commit
        }
        guard let value else { throw TransactionLost() }
        return value
    }
}
