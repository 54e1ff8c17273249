import Synchronization

/// Whether the scheduler comes round: it beats each time somebody has rung, and is silent when it is stuck.
package final class Heartbeat: Sendable {
    private let last = Mutex<ContinuousClock.Instant?>(.now)

    package init() {}

    /// When it last came round, or was made; nil when it has stopped, as it was asked to.
    package var latest: ContinuousClock.Instant? { last.withLock(\.self) }

    /// Whether a ring of that time was heard, or need not be any more.
    package func answers(ringOf time: ContinuousClock.Instant) -> Bool {
        latest.map { $0 >= time } ?? true
    }

    package func beat() {
        last.withLock { $0 = .now }
    }

    package func stop() {
        last.withLock { $0 = nil }
    }
}
