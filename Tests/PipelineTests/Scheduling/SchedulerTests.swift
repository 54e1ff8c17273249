import Glibc
import Logging
import Persistence
import ServiceLifecycle
import SystemPackage
import TestSupport
import Testing

@testable import Pipeline

/// When the scheduler claims, and how it stops.
@Suite(.enabled(if: Machine.hasSandbox, "\(Machine.withoutSandbox)"))
struct SchedulerTests {
    private static let waiting = FakeTool("forge", limit: 1, does: .waits.then(.makes(Samples.stl())))
    private static let quick = FakeTool("forge", limit: 1, does: .makes(Samples.stl()))

    @Test func `what is ready when it starts is run`() async throws {
        try await withTemporaryStore { store in
            let bench = try await Workbench(store, [Self.quick])
            let job = try await bench.upload()
            let dossier = try await bench.working { try await bench.end(of: job) }
            #expect(dossier.job.status == .succeeded)
        }
    }

    @Test func `the end of one attempt starts the next`() async throws {
        try await withWorkbench(Self.waiting) { bench in
            let first = try await bench.upload()
            try await bench.start(of: first)
            let second = try await bench.uploadQuietly()
            try bench.letGo(first)
            try await bench.start(of: second)
            try bench.letGo(second)
            #expect(try await bench.end(of: second).job.status == .succeeded)
        }
    }

    @Test func `it sleeps until it is rung`() async throws {
        try await withWorkbench(Self.quick) { bench in
            _ = try await bench.convert()
            let job = try await bench.sleepingJob()
            bench.doorbell.ring()
            #expect(try await bench.end(of: job).job.status == .succeeded)
        }
    }

    @Test func `jobs of a client run in the order they came`() async throws {
        try await withTemporaryStore { store in
            let bench = try await Workbench(store, [Self.quick])
            var jobs: [Job.ID] = []
            for _ in 0..<5 { jobs.append(try await bench.upload()) }
            let ends = try await bench.working { [jobs] in
                try await concurrently(5) { try await bench.end(of: jobs[$0]).job.startedAt ?? .noon }
            }
            #expect(ends == ends.sorted())
        }
    }

    @Test func `asked to stop, it lets the running tool end and claims no more`() async throws {
        try await withTemporaryStore { store in
            let bench = try await Workbench(store, [Self.waiting])
            let (told, teller) = AsyncStream.makeStream(of: Never.self)
            let group = ServiceGroup(
                services: [Heard(service: bench.scheduler) { teller.finish() }],
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            let run = Task { try await group.run() }
            let first = try await bench.upload()
            let second = try await bench.upload()
            try await bench.start(of: first)
            await group.triggerGracefulShutdown()
            for await _ in told {}
            try bench.letGo(first)
            try await run.value
            let jobs = try await (store.jobs.job(first), store.jobs.job(second))
            #expect(jobs.0?.status == .succeeded)
            #expect(jobs.1?.status == .pending)
            #expect(jobs.1?.attempt == 0)
        }
    }

    @Test func `cancelled, it puts the job back and charges nothing`() async throws {
        try await withTemporaryStore { store in
            let bench = try await Workbench(store, [Self.waiting])
            let job = try await bench.working {
                let job = try await bench.upload()
                try await bench.start(of: job)
                return job
            }
            let dossier = try #require(try await store.jobs.dossier(of: job))
            #expect(dossier.job.status == .pending)
            #expect((dossier.job.failures, dossier.job.crashes) == (0, 0))
            #expect(dossier.attempts.map(\.outcome) == [.interrupted])
            #expect(try await store.jobs.events(of: job).last?.reason == "stopping")
        }
    }

    @Test func `cancelled, it leaves no process, workspace or permit behind`() async throws {
        try await withTemporaryStore { store in
            let bench = try await Workbench(store, [FakeTool("forge", does: .leavesDaemon.then(.isDeaf))])
            try await bench.working { try await bench.start(of: bench.upload()) }
            #expect(Processes.mentioning(store.folder.root.string).isEmpty)
            #expect(try Directory.names(in: store.folder.work).isEmpty)
            #expect(bench.permits.inUse == ["forge": 0])
        }
    }

    @Test func `cancelled, it does not claim again what it has put back`() async throws {
        try await withTemporaryStore { store in
            let bench = try await Workbench(store, [FakeTool("forge", limit: 4, does: .isDeaf)])
            var jobs: [Job.ID] = []
            for _ in 0..<12 { jobs.append(try await bench.upload()) }
            try await bench.working { [jobs] in
                for job in jobs.prefix(4) { try await bench.start(of: job) }
            }
            let attempts = try await concurrently(12) { [jobs] in try await store.jobs.job(jobs[$0])?.attempt }
            #expect(attempts == [1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0])
        }
    }

    @Test func `an attempt whose result cannot be recorded fails, and takes no other down`() async throws {
        try await withWorkbench(Self.quick) { bench in
            let cursed = try await bench.uploadWithTakenOutput()
            let others = [try await bench.upload(), try await bench.upload()]
            for other in others {
                #expect(try await bench.end(of: other).job.status == .succeeded)
            }
            #expect(try await bench.end(of: cursed).job.failure?.code == .internal)
            try await eventually(within: Machine.patience) { bench.permits.inUse == ["forge": 0] }
        }
    }

    @Test func `what a lost claim made is deleted, and the job runs again`() async throws {
        let forge = FakeTool("forge", limit: 1, does: .says("hello").then(.waits).then(.makes(Samples.stl())))
        try await withWorkbench(forge) { bench in
            let job = try await bench.upload()
            try await bench.start(of: job)
            let other = Boot.ID()
            try await bench.store.jobs.recover(bench.store.jobs.leftovers(of: other), boot: other)
            try bench.letGo(job)
            try await bench.start(of: job, attempt: 2)
            try bench.letGo(job, attempt: 2)
            let dossier = try await bench.end(of: job)
            #expect(dossier.attempts.map(\.outcome) == [.interrupted, .succeeded])
            #expect(dossier.artifact(.result)?.attempt == 2)
            // The first attempt may still be tidying up when the second has begun.
            for key in [BlobKey.output(of: job, attempt: 1), .log(of: job, attempt: 1)] {
                try await eventually(within: Machine.patience) {
                    access(bench.store.blobs.path(of: key).string, F_OK) != 0
                }
            }
        }
    }
}

extension Workbench {
    /// Enqueues a job without ringing.
    func uploadQuietly(source: ((Job.ID) -> BlobKey) = BlobKey.source) async throws -> Job.ID {
        let (job, _) = try await store.jobs.receive(Arrival(client: "local", targetFormat: "stl"))
        let source = try await store.keep("o box\n", for: job, as: source(job))
        let route = [RouteStep(from: "obj", to: "stl", converters: ["forge"])]
        _ = try #require(try await store.jobs.enqueue(job, .sample(source, route: route, tool: "forge"), now: .now))
        return job
    }

    /// A job whose first attempt cannot be finished: the key of its output is in a row already.
    func uploadWithTakenOutput() async throws -> Job.ID {
        defer { doorbell.ring() }
        return try await uploadQuietly { BlobKey.output(of: $0, attempt: 1) }
    }

    /// A job that nobody claims while its row is looked at two hundred times. The ring of an earlier end may still wake
    /// the scheduler for the first of them; who polls gets them all.
    func sleepingJob() async throws -> Job.ID {
        for _ in 0..<10 {
            let job = try await uploadQuietly()
            var looks = 0
            while looks < 200, try await store.jobs.job(job)?.status == .pending { looks += 1 }
            if looks == 200 { return job }
            _ = try await end(of: job)
        }
        throw NeverAsleep()
    }

    private struct NeverAsleep: Error {}
}

/// A service that tells when it was asked to stop.
private struct Heard<Inner: Service>: Service {
    let service: Inner
    let onStop: @Sendable () -> Void

    func run() async throws {
        try await withGracefulShutdownHandler {
            try await service.run()
        } onGracefulShutdown: {
            onStop()
        }
    }
}
