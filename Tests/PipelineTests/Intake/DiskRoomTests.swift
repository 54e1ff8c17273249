import Persistence
import Synchronization
import TestSupport
import Testing

@testable import Pipeline

/// What the disk has room for: uploads beside what is promised, and attempts.
struct DiskRoomTests {
    @Test func `an upload needs three times its size, beside what jobs under way may need`() throws {
        let space = DiskSpace(reserve: 1000) { 2000 }
        #expect(throws: Never.self) { try space.promise(333) }
        #expect(throws: Refusal.self) { try space.promise(334) }
        #expect(throws: Never.self) { try space.promise(300, queued: 100) }
        let refusal = #expect(throws: Refusal.self) { try space.promise(300, queued: 101) }
        #expect(refusal?.kind == .diskFull && refusal?.sentence.contains("2000 are free") == true)
    }

    @Test func `what becomes a job while others ask is counted all the time`() throws {
        let space = DiskSpace(reserve: 0) { 1000 }
        var first: DiskSpace.Promise? = try space.promise(200)
        let account = space.account
        // The rows are asked now, before the first upload is a job, and its promise is dropped then.
        first = nil
        #expect(first == nil)
        #expect(throws: Refusal.self) { try space.promise(200, queued: 0, since: account) }
        #expect(throws: Never.self) { try space.promise(133, queued: 0, since: account) }
    }

    @Test func `jobs that wait hold their space also after a restart`() async throws {
        try await withTemporaryFolder { folder in
            let size = Int64(Samples.obj().count)
            try await withStore(in: folder) { store in
                let job = try await store.jobs.receive(.sample()).job
                let source = try await store.keep(
                    String(decoding: Samples.obj(), as: UTF8.self), for: job, as: .source(of: job))
                _ = try await store.jobs.enqueue(job, .sample(source))
            }
            try await withStore(in: folder) { store in
                let full = DiskSpace(reserve: 0) { 3 * size + 2 * size - 1 }
                try await withIntake(of: store, limits: .init(space: full)) { bench in
                    _ = await #expect(throws: Refusal.self) { try await bench.upload() }
                }
                let roomy = DiskSpace(reserve: 0) { 3 * size + 2 * size }
                try await withIntake(of: store, limits: .init(space: roomy)) { bench in _ = try await bench.upload() }
            }
        }
    }

    @Test func `a refusal for want of space asks for some to be made`() async throws {
        let space = DiskSpace(reserve: 1000) { 0 }
        _ = try? space.promise(1)  // Refused, which is not the point.
        for await _ in space.shortages { break }
    }
}

@Suite(.enabled(if: Machine.hasSandbox, "\(Machine.withoutSandbox)"), .timeLimit(.minutes(10)))
struct FullDiskTests {
    private static let patient = RetryPolicy(
        limit: 0, delay: .milliseconds(5), longest: .milliseconds(50), diskWait: .seconds(600))

    @Test func `an attempt that has no room runs no tool, waits, and goes on when there is some`() async throws {
        let free = Mutex<Int64>(1 << 30)
        let space = DiskSpace(reserve: 0) { free.withLock { $0 } }
        let forge = FakeTool("forge", does: .makes(Samples.stl()))
        try await withTemporaryStore { store in
            let bench = try await Workbench(store, [forge], .init(space: space, retries: Self.patient))
            let job = try await bench.upload()
            free.withLock { $0 = 100 }
            try await bench.working {
                try await eventually(within: Machine.patience) {
                    try await store.jobs.job(job)?.diskWait ?? .zero > .zero
                }
                free.withLock { $0 = 1 << 30 }
                let dossier = try await bench.end(of: job)
                #expect(dossier.job.status == .succeeded)
                #expect(dossier.attempts.dropLast().allSatisfy { $0.failureCode == .diskFull && $0.arguments == nil })
                #expect(dossier.attempts.count >= 2)
            }
        }
    }

    @Test func `a tool that fails where no space is left has not failed by itself`() async throws {
        let free = Mutex<[Int64]>([1 << 30, 1 << 30, 0])
        let space = DiskSpace(reserve: 0) { free.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] } }
        let policy = RetryPolicy(limit: 0, delay: .milliseconds(5), longest: .milliseconds(5), diskWait: .zero)
        try await withWorkbench(FakeTool("forge", does: .fails(1)), limits: .init(space: space, retries: policy)) {
            bench in
            let dossier = try await bench.convert()
            #expect(dossier.attempts.map(\.failureCode) == [.diskFull])
            #expect(dossier.attempts.first?.exitCode == 1 && dossier.job.isRetryable)
        }
    }
}
