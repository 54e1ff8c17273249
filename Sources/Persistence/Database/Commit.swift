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

/// The only submission of a transaction failed, and the transaction with it.
struct LoneMistake: Error {}

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

    /// Runs `body` so that all that it changed is undone where it fails, and nothing else.
    func savepoint<Value>(_ body: () throws -> Value) throws -> Value {
        try run("SAVEPOINT submission")
        do {
            let value = try body()
            guard isInsideTransaction else { throw TransactionLost() }
            try run("RELEASE submission")
            return value
        } catch {
            // Where SQLite has given up the whole transaction, there is nothing left to undo. What failed first is what to tell.
            if isInsideTransaction { undoSubmission() }
            throw error
        }
    }

    /// Where that is not possible, the whole transaction is given up: half of a submission must not be committed.
    private func undoSubmission() {
        do {
            try run("ROLLBACK TO submission")
            try run("RELEASE submission")
        } catch {
            try? rollback()
        }
    }
}
