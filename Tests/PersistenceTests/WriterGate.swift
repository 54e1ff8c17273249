import Dispatch
import GRDB
import Synchronization
import TestSupport

@testable import Persistence

/// Something that went wrong on purpose.
struct Mishap: Error {}

/// Holds the writer inside a transaction until it is opened.
final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    private let isHolding = Mutex(false)

    /// Returns once the writer is held.
    init(_ writer: Writer) async throws {
        Task {
            try await writer.submit { _ in
                self.isHolding.withLock { $0 = true }
                self.semaphore.wait()
            }
        }
        try await eventually { self.isHolding.withLock { $0 } }
    }

    func open() {
        semaphore.signal()
    }
}

/// Counts the commits of a writer, or has them fail.
final class CommitWatch: TransactionObserver, Sendable {
    private let state = Mutex((count: 0, isRefusing: false))

    /// The transaction that begins the watch is not counted.
    init(_ writer: Writer) async throws {
        try await writer.submit { $0.add(transactionObserver: self, extent: .databaseLifetime) }
        state.withLock { $0.count = 0 }
    }

    var count: Int {
        state.withLock { $0.count }
    }

    func refuse(_ isRefusing: Bool) {
        state.withLock { $0.isRefusing = isRefusing }
    }

    func databaseWillCommit() throws {
        if state.withLock({ $0.isRefusing }) { throw Mishap() }
    }

    func databaseDidCommit(_ database: Database) {
        state.withLock { $0.count += 1 }
    }

    func databaseDidRollback(_ database: Database) {}
    func observes(eventsOfKind kind: DatabaseEventKind) -> Bool { false }
    func databaseDidChange(with event: DatabaseEvent) {}
}

/// Runs `work` as often as told, all at once, behind a writer that is held until all of it is queued.
///
/// - Parameter then: what happens once all is queued, before the writer goes on.
/// - Returns: the outcomes, by number.
@discardableResult
func heldBack<Value: Sendable>(
    _ count: Int, at store: Store, then: () -> Void = {}, _ work: @escaping @Sendable (Int) async throws -> Value
) async throws -> [Result<Value, any Error>] {
    let gate = try await Gate(store.writer)
    return try await withThrowingTaskGroup { group in
        for number in 0..<count {
            group.addTask { (number, await Result { try await work(number) }) }
        }
        try await eventually { store.writer.queued == count }
        then()
        gate.open()
        return try await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
    }
}

/// The same for work that does not ask for its number.
@discardableResult
func heldBack<Value: Sendable>(
    _ count: Int, at store: Store, then: () -> Void = {}, _ work: @escaping @Sendable () async throws -> Value
) async throws -> [Result<Value, any Error>] {
    try await heldBack(count, at: store, then: then) { _ in try await work() }
}

extension Result where Failure == any Error {
    init(_ body: () async throws -> Success) async {
        do {
            self = .success(try await body())
        } catch {
            self = .failure(error)
        }
    }

    var failure: (any Error)? {
        if case .failure(let error) = self { error } else { nil }
    }
}
