import Glibc
import Persistence
import SystemPackage
import TestSupport
import Testing

@testable import Pipeline

/// What runs for a job that is cancelled is stopped, and what it made is thrown away.
@Suite(.enabled(if: Machine.hasSandbox, "\(Machine.withoutSandbox)"), .timeLimit(.minutes(10)))
struct CancelTests {
    @Test func `the whole tree of a deaf tool is gone soon, and its permit is free`() async throws {
        try await withWorkbench(FakeTool("forge", does: .leavesDaemon.then(.isDeaf))) { bench in
            let job = try await bench.upload()
            try await bench.start(of: job)
            let place = bench.workspace(of: job).root.string
            #expect(!Processes.mentioning(place).isEmpty)

            #expect(try await bench.control.cancel(job, requestId: nil) == .committed)

            try await eventually(within: .seconds(20)) { bench.permits.inUse == ["forge": 0] }
            #expect(Processes.mentioning(place).isEmpty)
            #expect(access(place, F_OK) != 0)
            let dossier = try #require(try await bench.store.jobs.dossier(of: job))
            #expect(dossier.job.status == .cancelled && dossier.attempts.map(\.outcome) == [.cancelled])
        }
    }

    @Test func `the next job has its place`() async throws {
        try await withWorkbench(FakeTool("forge", limit: 1, does: .waits.then(.makes(Samples.stl())))) { bench in
            let first = try await bench.upload()
            try await bench.start(of: first)
            let second = try await bench.upload()
            _ = try await bench.control.cancel(first, requestId: nil)
            try await bench.start(of: second)
            try bench.letGo(second)
            #expect(try await bench.end(of: second).job.status == .succeeded)
        }
    }

    @Test func `a job that waits is never run`() async throws {
        try await withWorkbench(FakeTool("forge", limit: 1, does: .waits.then(.makes(Samples.stl())))) { bench in
            let first = try await bench.upload()
            try await bench.start(of: first)
            let second = try await bench.upload()
            _ = try await bench.control.cancel(second, requestId: nil)
            try bench.letGo(first)
            _ = try await bench.end(of: first)
            _ = try await bench.letFollow()
            #expect(try await bench.store.jobs.dossier(of: second)?.attempts.isEmpty == true)
        }
    }

    @Test func `an upload that is cancelled takes no more bytes and says why`() async throws {
        try await withTemporaryStore { store in
            let bench = try await Workbench(store, [FakeTool("forge", does: .makes(Samples.stl()))])
            let refusal = await #expect(throws: Refusal.self) {
                try await bench.intake.take(Arrival(client: "local"), declaredSize: nil) { upload in
                    try await upload.takeAll(Samples.obj())
                    _ = try await bench.control.cancel(upload.job, requestId: nil)
                    try await upload.takeAll(Samples.obj())
                }
            }
            #expect(refusal?.kind == .cancelled)
            let job = try #require(try await store.jobs.history(limit: 1).first?.job)
            #expect(job.status == .cancelled)
        }
    }

    @Test func `deleted files are gone from the disk`() async throws {
        try await withWorkbench(FakeTool("forge", does: .says("hello").then(.makes(Samples.stl())))) { bench in
            let dossier = try await bench.convert()
            let files = dossier.artifacts.compactMap(\.blobKey).map { bench.store.blobs.path(of: $0).string }
            #expect(files.count == 3 && files.allSatisfy { access($0, F_OK) == 0 })
            #expect(try await bench.control.delete(dossier.job.id, requestId: nil))
            #expect(files.allSatisfy { access($0, F_OK) != 0 })
        }
    }
}

extension Workbench {
    /// A job that comes after all the others has been claimed: whatever is ready before it was, too.
    fileprivate func letFollow() async throws -> Dossier {
        let last = try await upload()
        try await start(of: last)
        try letGo(last)
        return try await end(of: last)
    }
}
