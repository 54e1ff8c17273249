package import Persistence
import ServiceLifecycle

/// Gives up what is kept no longer, makes room on a full disk, and keeps the database in order; in steps so small that they
/// keep nobody waiting.
package struct Janitor: Service {
    private let space: DiskSpace
    private let clock: ClockWatch
    private let doorbell: Doorbell
    private let telemetry: Telemetry
    private let retention: Retention
    private let sweeper: Sweeper
    private let caretaker: Caretaker
    private let period: Duration

    /// How often it is looked whether a disk that was full has space again.
    private static let shortPause = Duration.seconds(5)

    package init(
        store: Store, policy: RetentionPolicy, space: DiskSpace, clock: ClockWatch, doorbell: Doorbell,
        telemetry: Telemetry
    ) {
        self.space = space
        self.clock = clock
        self.doorbell = doorbell
        self.telemetry = telemetry
        period = policy.period
        retention = Retention(store: store, policy: policy, telemetry: telemetry)
        sweeper = Sweeper(store)
        caretaker = Caretaker(store: store, space: space)
        store.ballast.onFullDisk { space.ringShort() }
    }

    /// Every now and then, and as soon as there is no room for something.
    package func run() async throws {
        await withDiscardingTaskGroup { timer in
            timer.addTask { await ringRegularly() }
            var nextRound = ContinuousClock.now
            for await _ in space.shortages.cancelOnGracefulShutdown() {
                await makeRoom()
                guard ContinuousClock.now >= nextRound else { continue }
                await goRound()
                nextRound = .now + period
            }
            timer.cancelAll()
        }
    }

    private func ringRegularly() async {
        while !Task.isCancelled, !Task.isShuttingDownGracefully {
            space.ringShort()
            let pause = caretaker.isShort ? min(period, Self.shortPause) : period
            // Ended early by a stop, which the loop sees.
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: pause, clock: .continuous) }
        }
    }

    /// All duties once. What goes wrong with one keeps none of the others from being done.
    package func goRound() async {
        await duty("expire") {
            if let now = try await clock.look() { try await retention.expire(now) }
        }
        await duty("sweep") { try await sweeper.step(clock.look()) }
        await duty("keep the database in order") { try await caretaker.step() }
    }

    /// Gives up files until the reserve is whole again, as far as there are any that may go.
    func makeRoom() async {
        let wasShort = caretaker.isShort
        await duty("make room") {
            let missing = space.deficit
            if missing > 0, let now = try await clock.look() { try await retention.makeRoom(for: missing, now) }
            try await caretaker.restoreBallast()
        }
        // Claims that found no space for their rows are tried again.
        if wasShort { doorbell.ring() }
    }

    private func duty(_ name: String, _ body: () async throws -> Void) async {
        do {
            try await body()
        } catch is WriterClosed {
            // The server ends; what was not done is done by the next.
        } catch {
            telemetry.troubled(name, error)
        }
    }
}
