package import Persistence
import Synchronization

/// Whether the wall clock is to be believed: as long as it is not, nothing expires.
///
/// Within a life of the server it is held against the steady clock, and at the start against the newest time that was
/// believed in earlier ones, and the newest event. A server that was off for longer than the tolerance cannot be told from a
/// clock that was turned ahead: an operator must say which it was. A clock that comes to agree is believed by itself.
package final class ClockWatch: Sendable {
    private let store: ClockStore
    private let clocks: Clocks
    private let telemetry: Telemetry
    private let state: Mutex<State>

    private struct State {
        /// Where the wall clock was, or should have been, when the steady one said so much.
        var wall: Instant
        var steady: Duration
        var wasHeld = false
        /// When a believed time was last noted, by the steady clock.
        var notedAt: Duration?

        func ahead(_ clocks: Clocks) -> Duration {
            (clocks.wall() - wall) - (clocks.steady() - steady)
        }
    }

    /// How far the clocks may disagree, in either direction.
    package static let tolerance = Duration.seconds(3600)
    /// How often a believed time is noted: far more often than the tolerance.
    private static let noteEvery = Duration.seconds(300)

    private init(_ store: ClockStore, _ clocks: Clocks, _ telemetry: Telemetry, from wall: Instant) {
        self.store = store
        self.clocks = clocks
        self.telemetry = telemetry
        state = Mutex(State(wall: wall, steady: clocks.steady()))
    }

    /// Begins the watch. To be called before this life of the server leaves its first event.
    package static func begin(
        _ store: ClockStore, _ telemetry: Telemetry, clocks: Clocks = .system
    ) async throws -> ClockWatch {
        let marks = try await store.marks()
        let now = clocks.wall()
        var reference = now
        if let event = marks.event, event - now > tolerance {
            reference = event
        } else if let mark = marks.believed ?? marks.seen, isFar(now - mark) {
            reference = mark
        }
        let watch = ClockWatch(store, clocks, telemetry, from: reference)
        try await watch.look()
        return watch
    }

    private static func isFar(_ difference: Duration) -> Bool {
        difference > tolerance || difference < .zero - tolerance
    }

    /// How far the wall clock is ahead of where it should be; negative: behind.
    package var ahead: Duration {
        state.withLock { $0.ahead(clocks) }
    }

    /// Whether nothing may expire.
    package var isHeld: Bool { Self.isFar(ahead) }

    /// Looks at the clocks, and notes what is to be noted. Returns the time, if it is believed.
    @discardableResult
    func look() async throws -> Instant? {
        let now = clocks.wall()
        let ahead = ahead
        let isHeld = Self.isFar(ahead)
        let isChanged = state.withLock { state in
            defer { state.wasHeld = isHeld }
            return state.wasHeld != isHeld
        }
        if isChanged {
            telemetry.clock(isHeld: isHeld, ahead: ahead)
            try await store.note(isHeld: isHeld, now)
        }
        if !isHeld, isDueForNote() { try await store.believe(now) }
        return isHeld ? nil : now
    }

    private func isDueForNote() -> Bool {
        let now = clocks.steady()
        return state.withLock { state in
            if let last = state.notedAt, now - last < Self.noteEvery { return false }
            state.notedAt = now
            return true
        }
    }

    /// An operator says that the wall clock is right.
    package func confirm(requestId: String?) async throws {
        let (now, steady) = (clocks.wall(), clocks.steady())
        try await store.confirm(now, requestId: requestId)
        state.withLock { $0 = State(wall: now, steady: steady, notedAt: steady) }
        telemetry.clock(isHeld: false, ahead: .zero)
    }
}
