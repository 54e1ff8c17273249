import Persistence
import Synchronization

/// Keeps the database small and quick, and the ballast in its place.
final class Caretaker: Sendable {
    private let store: Store
    private let space: DiskSpace
    private let optimizedAt = Mutex<ContinuousClock.Instant?>(nil)

    private static let optimizeEvery = Duration.seconds(86_400)
    /// How many small steps of a kind are done at once; what is left is done next time.
    private static let mostSteps = 8

    init(store: Store, space: DiskSpace) {
        self.store = store
        self.space = space
    }

    func step() async throws {
        try await store.upkeep.boundLog()
        for _ in 0..<Self.mostSteps { guard try await store.upkeep.shrink() else { break } }
        for _ in 0..<Self.mostSteps { guard try await store.upkeep.forgetShares() > 0 else { break } }
        let isDue = optimizedAt.withLock { time in
            guard time.map({ .now - $0 >= Self.optimizeEvery }) ?? true else { return false }
            time = .now
            return true
        }
        if isDue { try await store.upkeep.optimize() }
    }

    /// Whether the disk is full, or was so full that the ballast had to go.
    var isShort: Bool { space.deficit > 0 || !store.ballast.isThere }

    /// Makes it anew once there is space beside the reserve.
    func restoreBallast() async throws {
        guard !store.ballast.isThere else { return }
        try await store.blobs.perform { [ballast = store.ballast, room = space.spare] in ballast.restore(within: room) }
    }
}
