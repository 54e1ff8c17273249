import Synchronization

/// Keeps the bytes of deleted blobs in their place while a backup copies them.
///
/// A lease: whoever backs up says again and again that it goes on. When it is not heard of any more, the hold ends by itself.
package final class DeletionHold: Sendable {
    private let state = Mutex(State())

    private struct State {
        /// Until when each backup holds deletions, on a clock that nobody turns.
        var leases: [String: ContinuousClock.Instant] = [:]
        var kept: Set<BlobKey> = []

        mutating func isHeld(_ now: ContinuousClock.Instant) -> Bool {
            leases = leases.filter { $0.value > now }
            return !leases.isEmpty
        }
    }

    /// How many backups may hold at the same time.
    private static let mostLeases = 16

    /// Begins or goes on. `false` when there are too many already.
    package func hold(_ lease: String, for time: Duration, now: ContinuousClock.Instant = .now) -> Bool {
        state.withLock { state in
            _ = state.isHeld(now)
            guard state.leases[lease] != nil || state.leases.count < Self.mostLeases else { return false }
            state.leases[lease] = now + time
            return true
        }
    }

    package func end(_ lease: String) {
        state.withLock { $0.leases[lease] = nil }
    }

    /// Whether the bytes are to stay for now. They are remembered then.
    func keeps(_ key: BlobKey, now: ContinuousClock.Instant = .now) -> Bool {
        state.withLock { state in
            guard state.isHeld(now) else { return false }
            state.kept.insert(key)
            return true
        }
    }

    /// What was kept and is not held any more; to be deleted by the caller.
    func freed(now: ContinuousClock.Instant = .now) -> Set<BlobKey> {
        state.withLock { state in
            guard !state.isHeld(now) else { return [] }
            defer { state.kept = [] }
            return state.kept
        }
    }
}
