import Logging
import Persistence
import ServiceLifecycle
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import Pipeline

/// How much is let in: jobs by the queue's limit, bytes by what the disk has left.
struct AdmissionTests {
    @Test func `the queue takes as many as its limit says, however many come at once`() async throws {
        try await withIntake(limits: .init(queue: 5)) { bench in
            let outcomes = try await concurrently(20) { _ in await Self.kind { try await bench.upload() } }
            #expect(outcomes.filter { $0 == nil }.count == 5)
            #expect(outcomes.filter { $0 == .queueFull }.count == 15)
            let census = try await bench.store.jobs.census()
            #expect((census[.pending], census[.failed]) == (5, 15))
        }
    }

    @Test func `a place that is free again is given again`() async throws {
        try await withIntake(limits: .init(queue: 1)) { bench in
            try await bench.upload()
            #expect(await Self.kind { try await bench.upload() } == .queueFull)
            let claim = try #require(try await bench.store.jobs.claim("forge", boot: bench.store.boot))
            _ = try await bench.store.jobs.finish(
                claim, as: .failed(Failure(.crashed, "It crashed.")), run: RunRecord())
            #expect(await Self.kind { try await bench.upload() } == nil)
        }
    }

    @Test func `an upload under way holds a place`() async throws {
        try await withIntake(limits: .init(queue: 1)) { bench in
            try await bench.intake.take(Arrival(client: "local"), declaredSize: nil) { _ in
                #expect(await Self.kind { try await bench.upload() } == .queueFull)
            }
        }
    }

    @Test func `a server that is stopping takes nothing more`() async throws {
        try await withIntake { bench in
            let late = LateUpload(bench: bench)
            let group = ServiceGroup(
                services: [late], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            let run = Task { try await group.run() }
            await group.triggerGracefulShutdown()
            try await run.value
            #expect(late.kind.withLock { $0 } == .stopping)
            let job = try await bench.store.jobs.history(limit: 1).first?.job
            #expect(job?.failure?.code == .rejected)
        }
    }

    /// Uploads once it is told to stop.
    private final class LateUpload: Service {
        let bench: Workbench
        let kind = Mutex<Refusal.Kind?>(nil)

        init(bench: Workbench) {
            self.bench = bench
        }

        func run() async throws {
            try await gracefulShutdown()
            let refused = await AdmissionTests.kind { try await bench.upload() }
            kind.withLock { $0 = refused }
        }
    }

    @Test func `what would reach into the reserve is refused as a full disk`() async throws {
        try await withIntake(limits: .init(reserve: .max / 2)) { bench in
            #expect(await Self.kind { try await bench.upload() } == .diskFull)
            let job = try await bench.store.jobs.history(limit: 1).first?.job
            #expect(job?.failure?.code == .diskFull)
        }
    }

    @Test func `what is promised to one upload is not promised to another`() async throws {
        try await withTemporaryFolder { folder in
            let space = try Self.space(in: folder, of: 4 * Self.tebibyte)
            let promise = try space.promise(Self.tebibyte)
            #expect(throws: Refusal.self) { try space.promise(Self.tebibyte) }
            withExtendedLifetime(promise) {}
        }
    }

    @Test func `a promise that is dropped is given back`() async throws {
        try await withTemporaryFolder { folder in
            let space = try Self.space(in: folder, of: 4 * Self.tebibyte)
            for _ in 0..<3 { _ = try space.promise(Self.tebibyte) }
        }
    }

    @Test func `no size is too large to be counted`() async throws {
        try await withTemporaryFolder { folder in
            let space = try Self.space(in: folder, of: 4 * Self.tebibyte)
            #expect(throws: Refusal.self) { try space.promise(.max) }
        }
    }

    @Test func `an upload that has ended gives back what it was promised`() async throws {
        try await withIntake { bench in
            let space = try Self.space(in: bench.store.folder.root, of: 4 * Self.tebibyte)
            let intake = Intake(
                store: bench.store, catalogue: bench.catalogue, space: space,
                limits: Intake.Limits(fileSize: Self.tebibyte, queue: 10), doorbell: bench.doorbell,
                telemetry: bench.intake.telemetry)
            for isAccepted in [true, false, true] {
                _ = await Self.kind {
                    try await intake.take(Arrival(client: "local"), declaredSize: nil) { upload in
                        try await upload.takeAll(isAccepted ? Samples.obj() : Samples.png())
                        _ = try await upload.accept(target: .stl)
                    }
                }
            }
            _ = try space.promise(Self.tebibyte)
        }
    }

    private static let tebibyte: Int64 = 1 << 40

    /// With so much left above the reserve: far more than anybody else writes or deletes meanwhile.
    private static func space(in folder: FilePath, of bytes: Int64) throws -> DiskSpace {
        let free = try #require(DiskSpace(folder: folder, reserve: 0).free)
        return DiskSpace(folder: folder, reserve: free - bytes)
    }

    /// Why it was refused; `nil` when it was not.
    private static func kind(_ body: () async throws -> some Any) async -> Refusal.Kind? {
        do {
            _ = try await body()
            return nil
        } catch let refusal as Refusal {
            return refusal.kind
        } catch {
            Issue.record(error)
            return nil
        }
    }
}
