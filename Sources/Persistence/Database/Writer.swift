import Dispatch
import GRDB
import Synchronization

/// The one writer: everything that changes a row goes through here, in the order it was submitted.
///
/// What arrives while a transaction is being committed shares the next one, with a savepoint for each, so that many callers
/// pay for one fsync and one caller's mistake undoes only its own work. There is no batching delay. Callers are resumed after
/// COMMIT; when COMMIT fails, all of its callers fail. A caller that is cancelled changes nothing: what it asked for is done.
/// Only this connection checkpoints the WAL.
package final class Writer: Sendable {
    private let pool: DatabasePool
    private let thread = DispatchQueue(label: "kiln.writer", qos: .userInitiated)
    private let state = Mutex(State())
    private let onCommit: @Sendable (Commit) -> Void
    private let committed = Atomic(0)

    /// How many submissions may share a transaction: bounds what a failed COMMIT takes with it.
    private static let largestBatch = 512

    private struct State {
        var waiting: [Submission] = []
        var isDraining = false
        var isClosed = false
    }

    private struct Submission: Sendable {
        /// Does the work in its savepoint; the closure it returns tells the caller how the whole transaction ended.
        let perform: @Sendable (Database) -> @Sendable ((any Error)?) -> Void
        /// Tells the caller that the work was not tried.
        let refuse: @Sendable (any Error) -> Void
    }

    init(pool: DatabasePool, onCommit: @escaping @Sendable (Commit) -> Void = { _ in }) {
        self.pool = pool
        self.onCommit = onCommit
    }

    /// Runs `body` in a savepoint of the next transaction and returns its value once that is durable.
    @discardableResult
    func submit<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let submission = Submission(
                perform: { database in
                    let result = Result { try database.savepoint { try body(database) } }
                    return { error in continuation.resume(with: error.map { .failure($0) } ?? result) }
                },
                refuse: { continuation.resume(throwing: $0) })
            enqueue(submission)
        }
    }

    /// How many submissions wait for the next transaction.
    var queued: Int {
        state.withLock { $0.waiting.count }
    }

    /// Changes a row that nobody else does, in its turn like all the others, and tells how that went once it is durable.
    /// Whoever asks need not wait for it, as it may take as long as another program has the database locked.
    package func probe(_ tell: @escaping @Sendable (Result<Void, any Error>) -> Void) {
        let submission = Submission(
            perform: { database in
                let result = Result { try database.savepoint { try database.countProbe() } }
                return { error in tell(error.map { .failure($0) } ?? result) }
            },
            refuse: { tell(.failure($0)) })
        enqueue(submission)
    }

    /// How many transactions were committed: while it rises, who waits is only waiting in line.
    package var commits: Int {
        committed.load(ordering: .relaxed)
    }

    private func enqueue(_ submission: Submission) {
        let (isAccepted, mustStart) = state.withLock { state in
            guard !state.isClosed else { return (false, false) }
            state.waiting.append(submission)
            defer { state.isDraining = true }
            return (true, !state.isDraining)
        }
        if !isAccepted {
            submission.refuse(WriterClosed())
        } else if mustStart {
            thread.async { self.drain() }
        }
    }

    private func drain() {
        while let batch = nextBatch() {
            commit(batch)
        }
    }

    private func nextBatch() -> ArraySlice<Submission>? {
        state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.isDraining = false
                return nil
            }
            let batch = state.waiting.prefix(Self.largestBatch)
            state.waiting.removeFirst(batch.count)
            return batch
        }
    }

    private func commit(_ batch: ArraySlice<Submission>) {
        var settlements: [@Sendable ((any Error)?) -> Void] = []
        var failure: (any Error)?
        var worked = ContinuousClock.now
        do {
            try pool.writeWithoutTransaction { database in
                try database.inTransaction(.immediate) {
                    for submission in batch {
                        settlements.append(submission.perform(database))
                        // A full disk or an I/O error makes SQLite roll back everything, not only the savepoint.
                        guard database.isInsideTransaction else { throw TransactionLost() }
                    }
                    worked = .now
                    return .commit
                }
            }
            note(Commit(submissions: batch.count, duration: .now - worked))
        } catch {
            failure = error
        }
        settlements.forEach { $0(failure) }
        if let failure {
            batch.dropFirst(settlements.count).forEach { $0.refuse(failure) }
        }
    }

    private func note(_ commit: Commit) {
        committed.add(1, ordering: .relaxed)
        onCommit(commit)
    }

    /// Commits what was submitted before, refuses what comes after, and closes the database. May be called twice.
    package func close() async {
        state.withLock { $0.isClosed = true }
        await withCheckedContinuation { continuation in
            thread.async {
                self.drain()
                continuation.resume()
            }
        }
        // Fails only while a reader is still busy; the process ends next and the WAL is complete as it is.
        try? pool.close()
    }
}

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
    fileprivate func countProbe() throws {
        try run(
            """
            INSERT INTO tally (name, label, value) VALUES ('probes', 'write', 1)
                ON CONFLICT (name, label) DO UPDATE SET value = value + 1
            """)
    }

    fileprivate func savepoint<Value>(_ body: () throws -> Value) throws -> Value {
        var value: Value?
        try inSavepoint {
            value = try body()
            return .commit
        }
        guard let value else { throw TransactionLost() }
        return value
    }
}
