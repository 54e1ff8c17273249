import Persistence
import Synchronization

/// Jobs that wait for their time, as the scheduler sees them: it asks at every ring, and the rows are looked at only when
/// a time has come or a new one was set.
final class WaitingRoom: Sendable {
    private let jobs: JobStore
    private let telemetry: Telemetry
    /// The longest that anything ever waits.
    private let longest: Duration
    private let state = Mutex(State())

    private struct State {
        /// Times are in rows that nobody has looked at.
        var isUnseen = true
        /// When somebody rings. On a clock that nobody turns.
        var alarm: ContinuousClock.Instant?

        mutating func mustLook(at now: ContinuousClock.Instant) -> Bool {
            let isRinging = alarm.map { $0 <= now } ?? false
            guard isUnseen || isRinging else { return false }
            if isRinging { alarm = nil }
            isUnseen = false
            return true
        }

        /// Whether a new alarm is needed for that time.
        mutating func set(_ time: ContinuousClock.Instant) -> Bool {
            if let alarm, alarm <= time { return false }
            alarm = time
            return true
        }
    }

    init(_ jobs: JobStore, longest: Duration, _ telemetry: Telemetry) {
        self.jobs = jobs
        self.longest = longest
        self.telemetry = telemetry
    }

    /// A job waits that did not before.
    func enter() {
        state.withLock { $0.isUnseen = true }
    }

    /// Makes ready what is due. Returns after how long the scheduler should be rung, where nobody does yet.
    func call(now: Instant = .now) async -> Duration? {
        guard state.withLock({ $0.mustLook(at: .now) }) else { return nil }
        do {
            guard let next = try await jobs.promote(longest: longest, now: now) else { return nil }
            // A millisecond more, because rows count in whole ones.
            let wait = min(max(next - now, .zero), longest) + .milliseconds(1)
            let isNew = state.withLock { $0.set(.now + wait) }
            return isNew ? wait : nil
        } catch {
            telemetry.troubled("promote", error)
            enter()
            return wait(after: error)
        }
    }

    /// How long until what a full or busy database has refused is tried again.
    private static let patience = Duration.seconds(2)

    /// After how long the scheduler should be rung, where nobody does yet, because the rows could not be changed now.
    func wait(after error: any Error) -> Duration? {
        guard Obstacle.isPassing(error), state.withLock({ $0.set(.now + Self.patience) }) else { return nil }
        return Self.patience
    }
}
