import Logging
import Persistence
import Synchronization
import TestSupport

@testable import Pipeline

/// Two clocks that a test turns as it likes.
final class TurnedClock: Sendable {
    private let state = Mutex((wall: Instant.noon, steady: Duration.zero))

    var clocks: Clocks {
        Clocks(wall: { self.state.withLock { $0.wall } }, steady: { self.state.withLock { $0.steady } })
    }

    /// Time goes by.
    func pass(_ time: Duration) {
        state.withLock { $0 = ($0.wall + time, $0.steady + time) }
    }

    /// Somebody turns the wall clock.
    func turn(_ time: Duration) {
        state.withLock { $0.wall = $0.wall + time }
    }

    func watch(_ store: Store) async throws -> ClockWatch {
        try await ClockWatch.begin(store.clock, .silent, clocks: clocks)
    }
}

extension Telemetry {
    static let silent = Telemetry(Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
}

extension Duration {
    static let hour = Duration.seconds(3600)
    static let year = Duration.seconds(365 * 86_400)
}
