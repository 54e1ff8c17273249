import Synchronization

/// Whether the scheduler comes round when somebody rings. Who wants to know rings himself, so that nobody polls: a ring
/// that has not been answered for longer than patience lasts says that the scheduler is stuck.
///
/// Time that it spends with the database does not count: a locked database is no fault of the scheduler's.
package final class Heartbeat: Sendable {
    private let doorbell: Doorbell
    private let patience: Duration
    private let state = Mutex(State())

    private struct State {
        /// Since when an answer is awaited.
        var asked: ContinuousClock.Instant?
        /// The scheduler is with the database, has not begun, or has ended as it was asked to.
        var isExcused = true
    }

    package init(_ doorbell: Doorbell, patience: Duration = .seconds(10)) {
        self.doorbell = doorbell
        self.patience = patience
    }

    /// Asks for a sign of life. `false` when none came for too long.
    package func isFelt(now: ContinuousClock.Instant = .now) -> Bool {
        let (isFelt, mustRing) = state.withLock { state in
            guard let asked = state.asked else {
                state.asked = now
                return (true, true)
            }
            return (state.isExcused || now - asked < patience, false)
        }
        if mustRing { doorbell.ringFree() }
        return isFelt
    }

    /// The scheduler has come round.
    package func beat() {
        state.withLock { state in
            state.asked = nil
            state.isExcused = false
        }
    }

    /// What is asked meanwhile counts from when it is back.
    func excused<Value>(
        isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Value
    ) async rethrows -> Value {
        state.withLock { $0.isExcused = true }
        defer { beat() }
        return try await body()
    }

    package func stop() {
        state.withLock { $0.isExcused = true }
    }
}
