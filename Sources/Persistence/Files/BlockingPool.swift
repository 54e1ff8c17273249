import Foundation
import Synchronization

/// Threads for calls that block (fsync, long reads), so that the cooperative pool never waits for a disk.
///
/// Threads are started when there is work and nobody idle, up to `limit`, and then kept. Work is done in order of arrival.
package final class BlockingPool: Sendable {
    private let limit: Int
    private let state = Mutex(State())
    private let signal = DispatchSemaphore(value: 0)

    private struct State {
        var work: [@Sendable () -> Void] = []
        var threads = 0
        var idle = 0
    }

    package init(threads limit: Int) {
        self.limit = limit
    }

    /// Runs `body` on a thread of the pool. Cancellation does not interrupt it.
    package func run<Value: Sendable, Failure: Error>(
        _ body: @escaping @Sendable () throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        let result = await withCheckedContinuation { continuation in
            submit { continuation.resume(returning: Result(catching: body)) }
        }
        return try result.get()
    }

    /// Begins `body` on a thread of the pool, for a caller that blocks and has something else to do meanwhile.
    package func begin<Value: Sendable>(_ body: @escaping @Sendable () -> Value) -> Begun<Value> {
        let begun = Begun<Value>()
        submit { begun.end(with: body()) }
        return begun
    }

    private func submit(_ body: @escaping @Sendable () -> Void) {
        let needsThread = state.withLock { state in
            state.work.append(body)
            guard state.work.count > state.idle, state.threads < limit else { return false }
            state.threads += 1
            return true
        }
        if needsThread {
            Thread.detachNewThread { self.serve() }
        }
        signal.signal()
    }

    private func serve() {
        while true {
            state.withLock { $0.idle += 1 }
            signal.wait()
            let body = state.withLock { state in
                state.idle -= 1
                return state.work.removeFirst()
            }
            body()
        }
    }
}
