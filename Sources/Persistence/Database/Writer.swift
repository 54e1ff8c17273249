import Dispatch
import GRDB
import Synchronization

/// The one writer: everything that changes a row goes through here, in the order it was submitted.
///
/// What arrives while a transaction is being committed shares the next one, with a savepoint for each, so that many callers
/// pay for one fsync and one caller's mistake undoes only its own work; who is alone needs none. There is no batching delay.
/// Callers are resumed after COMMIT; when COMMIT fails, all of its callers fail, and when the disk fails, all that come
/// after. A caller that is cancelled changes nothing: what it asked for is done. When the disk is full, the ballast is
/// given up and the batch, which was rolled back, tried once more. Only this connection checkpoints the WAL.
package final class Writer: Sendable {
    private let pool: any DatabaseWriter
    private let ballast: Ballast
    private let faults: DiskFaults
    private let thread = DispatchQueue(label: "kiln.writer", qos: .userInitiated)
    private let state = Mutex(State())
    private let onCommit: @Sendable (Commit) -> Void
    private let committed = Atomic(0)

    /// How many submissions may share a transaction: bounds what a failed COMMIT takes with it.
    private static let largestBatch = 512

    private struct State {
        var waiting: [Submission] = []
        /// What is done between transactions.
        var errands: [@Sendable () -> Void] = []
        var isDraining = false
        var isClosed = false
    }

    init(
        pool: any DatabaseWriter, ballast: Ballast, faults: DiskFaults = DiskFaults(),
        onCommit: @escaping @Sendable (Commit) -> Void = { _ in }
    ) {
        self.pool = pool
        self.ballast = ballast
        self.faults = faults
        self.onCommit = onCommit
    }

    /// Runs `body` in a savepoint of the next transaction and returns its value once that is durable.
    @discardableResult
    func submit<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            submit(body) { continuation.resume(with: $0) }
        }
    }

    /// How many submissions wait for the next transaction.
    var queued: Int {
        state.withLock { $0.waiting.count }
    }

    /// Changes a row that nobody else does, in its turn like all the others, and tells how that went once it is durable.
    /// Whoever asks need not wait for it, as it may take as long as another program has the database locked.
    package func probe(_ tell: @escaping @Sendable (Result<Void, any Error>) -> Void) {
        submit({ try $0.countProbe() }, tell)
    }

    /// Tells the value of `body`, or what went wrong, once it is settled.
    private func submit<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value,
        _ tell: @escaping @Sendable (Result<Value, any Error>) -> Void
    ) {
        let submission = Submission(
            perform: { [faults] database, isAlone in
                let result = Result {
                    try faults.guarding {
                        try isAlone ? body(database) : database.savepoint { try body(database) }
                    }
                }
                return Settlement(error: result.error) { error in tell(error.map { .failure($0) } ?? result) }
            },
            refuse: { tell(.failure($0)) })
        enqueue(submission)
    }

    /// How many transactions were committed: while it rises, who waits is only waiting in line.
    package var commits: Int {
        committed.load(ordering: .relaxed)
    }

    /// Runs `body` between two transactions, on the connection that writes. Not for what changes rows.
    func maintain<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let isAccepted = enqueue { state in
                state.errands.append {
                    let result = Result { try self.faults.guarding { try self.pool.writeWithoutTransaction(body) } }
                    continuation.resume(with: result)
                }
            }
            if !isAccepted { continuation.resume(throwing: WriterClosed()) }
        }
    }

    private func enqueue(_ submission: Submission) {
        if let failure = faults.failure { return submission.refuse(failure) }
        if !enqueue({ $0.waiting.append(submission) }) { submission.refuse(WriterClosed()) }
    }

    /// `false`: nothing is taken any more.
    private func enqueue(_ add: (inout State) -> Void) -> Bool {
        let (isAccepted, mustStart) = state.withLock { state in
            guard !state.isClosed else { return (false, false) }
            add(&state)
            defer { state.isDraining = true }
            return (true, !state.isDraining)
        }
        if mustStart { thread.async { self.drain() } }
        return isAccepted
    }

    private func drain() {
        while let work = next() {
            switch work {
            case .errand(let errand): errand()
            case .batch(let batch): commit(batch)
            }
        }
    }

    private enum Work {
        case errand(@Sendable () -> Void)
        case batch(ArraySlice<Submission>)
    }

    private func next() -> Work? {
        state.withLock { state in
            if !state.errands.isEmpty { return .errand(state.errands.removeFirst()) }
            guard !state.waiting.isEmpty else {
                state.isDraining = false
                return nil
            }
            let batch = state.waiting.prefix(Self.largestBatch)
            state.waiting.removeFirst(batch.count)
            return .batch(batch)
        }
    }

    private func commit(_ batch: ArraySlice<Submission>) {
        var (settlements, failure) = perform(batch)
        if let error = failure, error.isFullDisk {
            // All was rolled back, and nobody was answered: it may be done once more.
            if ballast.release() { (settlements, failure) = perform(batch) }
            if failure?.isFullDisk == true { failure = SystemError.databaseFull }
        }
        settlements.forEach { $0.settle(failure) }
        if let failure {
            batch.dropFirst(settlements.count).forEach { $0.refuse(failure) }
        }
    }

    /// One transaction for all of them. Where it failed, nothing was changed.
    private func perform(_ batch: ArraySlice<Submission>) -> (settlements: [Settlement], failure: (any Error)?) {
        var settlements: [Settlement] = []
        var worked = ContinuousClock.now
        do {
            if let failure = faults.failure { throw failure }
            try pool.writeWithoutTransaction { database in
                try database.transaction(for: .writing) {
                    for submission in batch {
                        let settlement = submission.perform(database, batch.count == 1)
                        settlements.append(settlement)
                        if let error = settlement.error, error.isFullDisk { throw error }
                        if settlement.error != nil, batch.count == 1 { throw LoneMistake() }
                        // An I/O error makes SQLite roll back everything, not only the savepoint.
                        guard database.isInsideTransaction, faults.failure == nil else { throw TransactionLost() }
                    }
                    worked = .now
                }
            }
            note(Commit(submissions: batch.count, duration: .now - worked))
            return (settlements, nil)
        } catch is LoneMistake {
            return (settlements, nil)
        } catch {
            return (settlements, faults.failure ?? faults.judge(error))
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
                self.noteClosing()
                continuation.resume()
            }
        }
        guard faults.failure == nil else {
            // Closing would sync the WAL, and the last sync has failed: it is left to the end of the process, as it is.
            _ = Unmanaged.passRetained(pool as AnyObject)
            return
        }
        // Fails only while a reader is still busy; the process ends next and the WAL is complete as it is.
        try? pool.close()
    }
}

extension Writer {
    /// The last thing that is written: a database that is found without its WAL is complete then. The WAL is emptied, unless
    /// somebody still reads from it.
    private func noteClosing() {
        guard faults.failure == nil else { return }
        // Where it cannot be written, or was before, the WAL stays and tells the rest.
        try? pool.writeWithoutTransaction { database in
            try database.execute(sql: "UPDATE boot SET closedAt = ? WHERE closedAt IS NULL", arguments: [Instant.now])
            try database.execute(sql: "PRAGMA busy_timeout = 0")
            _ = try Row.fetchOne(database, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
        }
    }
}
