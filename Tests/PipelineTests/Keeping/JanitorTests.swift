import Glibc
import Persistence
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import Pipeline

/// What is given up, and when.
struct JanitorTests {
    @Test func `what has had its time expires, file and all, and the rest stays`() async throws {
        try await withTemporaryStore { store in
            let clock = TurnedClock()
            let old = try await store.ended(at: .noon)
            let new = try await store.ended(at: .noon + .seconds(50))
            let janitor = try await Self.janitor(
                store, clock, RetentionPolicy(results: .seconds(100), sources: .seconds(200)))
            clock.pass(.seconds(101))
            await janitor.goRound()
            #expect(!store.has(.output(of: old, attempt: 1)) && store.has(.output(of: new, attempt: 1)))
            #expect(store.has(.source(of: old)))
            clock.pass(.seconds(100))
            await janitor.goRound()
            #expect(!store.has(.source(of: old)) && !store.has(.output(of: new, attempt: 1)))
            #expect(try await store.jobs.job(old)?.expiredAt == .noon + .seconds(101))
        }
    }

    @Test func `records go when they have had theirs, with whatever files are left`() async throws {
        try await withTemporaryStore { store in
            let clock = TurnedClock()
            var jobs: [Job.ID] = []
            for _ in 0..<70 { jobs.append(try await store.ended(at: .noon)) }
            let janitor = try await Self.janitor(store, clock, RetentionPolicy(history: .hour))
            clock.pass(.hour + .seconds(1))
            await janitor.goRound()
            #expect(try await store.jobs.history(limit: 99).isEmpty)
            #expect(!jobs.contains { store.has(.source(of: $0)) || store.has(.output(of: $0, attempt: 1)) })
        }
    }

    @Test func `by default nothing expires`() async throws {
        try await withTemporaryStore { store in
            let clock = TurnedClock()
            let job = try await store.ended(at: .noon)
            let janitor = try await Self.janitor(store, clock, RetentionPolicy())
            clock.pass(.year)
            await janitor.goRound()
            #expect(store.has(.output(of: job, attempt: 1)) && store.has(.source(of: job)))
        }
    }

    @Test(arguments: [Duration.year, .zero - .year])
    func `nothing expires while the clock is not believed, however full the disk is`(turn: Duration) async throws {
        try await withTemporaryStore { store in
            let clock = TurnedClock()
            let job = try await store.ended(at: .noon)
            let janitor = try await Self.janitor(
                store, clock,
                RetentionPolicy(results: .seconds(1), sources: .seconds(1), history: .seconds(1), least: .zero),
                space: DiskSpace(reserve: 1000) { 0 })
            clock.turn(turn)
            await janitor.goRound()
            await janitor.makeRoom()
            #expect(store.has(.output(of: job, attempt: 1)) && store.has(.source(of: job)))
            clock.turn(.zero - turn)
            clock.pass(.seconds(2))
            await janitor.goRound()
            #expect(!store.has(.output(of: job, attempt: 1)))
        }
    }

    @Test func `a full disk takes the oldest results first, no more than needed, and then sources`() async throws {
        try await withTemporaryStore { store in
            let clock = TurnedClock()
            var jobs: [Job.ID] = []
            for second in 0..<12 { jobs.append(try await store.ended(at: .noon + .seconds(second))) }
            let running = try await store.claimSample()
            clock.pass(.hour)
            let used = Mutex<Int64>(0)
            let space = DiskSpace(reserve: 1000) { 1000 - used.withLock { $0 } }
            let janitor = try await Self.janitor(store, clock, RetentionPolicy(least: .seconds(3600 - 8)), space: space)
            let size = Int64("made by \(BlobKey.output(of: jobs[0], attempt: 1).rawValue)\n".utf8.count)

            used.withLock { $0 = size - 1 }
            await janitor.makeRoom()
            #expect(jobs.map { store.has(.output(of: $0, attempt: 1)) } == (0..<12).map { $0 >= 4 })
            #expect(jobs.allSatisfy { store.has(.source(of: $0)) })

            used.withLock { $0 = 1_000_000 }
            await janitor.makeRoom()
            #expect(jobs.map { store.has(.output(of: $0, attempt: 1)) } == (0..<12).map { $0 >= 8 })
            #expect(jobs.map { store.has(.source(of: $0)) } == (0..<12).map { $0 >= 8 })
            #expect(store.has(.source(of: running.job.id)))
        }
    }

    @Test func `files that nothing leads to are swept away, and those in flight are not`() async throws {
        try await withTemporaryStore { store in
            let janitor = try await Self.janitor(store, TurnedClock(), RetentionPolicy())
            let done = try await store.ended(at: .noon)
            let running = try await store.claimSample().job.id
            let lost = BlobKey.output(of: done, attempt: 9)
            let inFlight = BlobKey.output(of: running, attempt: 1)
            for key in [lost, inFlight] { _ = try await store.keep("bytes", for: done, as: key) }
            let staged = store.folder.staging.appending(done.rawValue)
            try FileDescriptor.open(staged, .writeOnly, options: .create, permissions: .ownerReadWrite).close()

            for _ in 0..<BlobStore.shards { await janitor.goRound() }

            #expect(!store.has(lost) && access(staged.string, F_OK) != 0)
            #expect(store.has(inFlight) && store.has(.source(of: done)) && store.has(.output(of: done, attempt: 1)))
        }
    }

    @Test func `the ballast is made anew when there is space beside the reserve`() async throws {
        try await withTemporaryStore { store in
            let free = Mutex<Int64>(1000)
            let space = DiskSpace(reserve: 1000) { free.withLock { $0 } }
            let janitor = try await Self.janitor(store, TurnedClock(), RetentionPolicy(), space: space)
            await janitor.makeRoom()
            #expect(!store.ballast.isThere)
            free.withLock { $0 = 64 << 20 }
            await janitor.makeRoom()
            #expect(store.ballast.isThere)
        }
    }

    @Test func `it works by itself, and ends when it is told to`() async throws {
        try await withTemporaryStore { store in
            let clock = TurnedClock()
            let job = try await store.ended(at: .noon)
            let janitor = try await Self.janitor(store, clock, RetentionPolicy(results: .milliseconds(10)))
            clock.pass(.seconds(1))
            let run = Task { try await janitor.run() }
            try await eventually { !store.has(.output(of: job, attempt: 1)) }
            run.cancel()
            try await run.value
        }
    }

    private static func janitor(
        _ store: Store, _ clock: TurnedClock, _ policy: RetentionPolicy,
        space: DiskSpace = DiskSpace(reserve: 0) { 1 << 30 }
    ) async throws -> Janitor {
        Janitor(
            store: store, policy: policy, space: space, clock: try await clock.watch(store), doorbell: Doorbell(),
            telemetry: .silent)
    }
}

extension Store {
    /// A job that succeeded then.
    fileprivate func ended(at time: Instant) async throws -> Job.ID {
        let claim = try await claimSample(now: time)
        let output = try await output(of: claim)
        _ = try await jobs.finish(claim, as: .succeeded(output, warnings: []), run: RunRecord(), now: time)
        return claim.job.id
    }

    fileprivate func has(_ key: BlobKey) -> Bool {
        access(blobs.path(of: key).string, F_OK) == 0
    }
}
