import Persistence
import TestSupport
import Testing

@testable import Pipeline

/// What fails is tried again, by the same tool and then by the next.
@Suite(.enabled(if: Machine.hasSandbox, "\(Machine.withoutSandbox)"), .timeLimit(.minutes(10)))
struct RetryTests {
    /// Waits of a few milliseconds.
    private static let quick = RetryPolicy(limit: 3, delay: .milliseconds(5), longest: .milliseconds(50))

    /// Exit code 75 is a full disk, 76 a limit that holds for a while, 77 one that holds for nobody knows how long.
    private static func explain(exitCode: Int, log: String) -> Failure? {
        switch exitCode {
        case 75: Failure(.diskFull, "The disk is full.")
        case 76: Failure(.rateLimited, "Too many at once.", retryAfter: .milliseconds(400))
        case 77: Failure(.rateLimited, "Too many at once.")
        default: nil
        }
    }

    private static func tool(_ name: String, _ behaviour: FakeBehaviour) -> FakeTool {
        FakeTool(name, explain: explain, does: behaviour)
    }

    @Test func `what passes by itself is tried until it does not fail any more, each attempt on record`() async throws {
        try await withTemporaryStore { store in
            // Two attempts find the disk full; before the third, the tool is another one under the same name.
            let full = try await Workbench(store, [Self.tool("forge", .fails(75))], .init(retries: Self.slow))
            let job = try await full.working {
                let job = try await full.upload()
                try await eventually(within: Machine.patience) { try await store.jobs.job(job)?.dueAt != nil }
                return job
            }
            let free = try await Workbench(
                store, [Self.tool("forge", .makes(Samples.stl()))], .init(retries: Self.quick))
            let dossier = try await free.working { try await free.end(of: job) }
            #expect(dossier.job.status == .succeeded && dossier.job.failure == nil)
            #expect(dossier.attempts.map(\.outcome) == [.failed, .succeeded])
            #expect(dossier.attempts.map(\.failureCode) == [.diskFull, nil])
        }
    }

    /// Waits that outlast a test, unless the longest wait of a later scheduler is shorter.
    private static let slow = RetryPolicy(limit: 3, delay: .seconds(100_000), longest: .seconds(100_000))

    @Test func `what never passes fails when the tries are used up`() async throws {
        let forge = Self.tool("forge", .fails(77))
        try await withWorkbench(forge, limits: .init(retries: Self.quick)) { bench in
            let dossier = try await bench.convert()
            #expect(dossier.job.failure?.code == .rateLimited && dossier.job.failures == 4)
            #expect(dossier.attempts.map(\.failureCode) == [.rateLimited, .rateLimited, .rateLimited, .rateLimited])
            #expect(dossier.job.dueAt == nil)
        }
    }

    @Test func `a full disk is waited for as long as may be, however often that is, and then told to be why`()
        async throws
    {
        let policy = RetryPolicy(
            limit: 0, delay: .milliseconds(5), longest: .milliseconds(50), diskWait: .milliseconds(120))
        try await withWorkbench(Self.tool("forge", .fails(75)), limits: .init(retries: policy)) { bench in
            let dossier = try await bench.convert()
            #expect(dossier.job.failure?.code == .diskFull && dossier.job.isRetryable)
            #expect(dossier.job.failure?.message.contains("waited 0 seconds for space in vain") == true)
            #expect(dossier.job.diskWait == .milliseconds(120))
            #expect(dossier.attempts.count >= 4 && dossier.attempts.allSatisfy { $0.failureCode == .diskFull })
        }
    }

    @Test func `a crash is tried once more before the next converter has its turn, with a budget of its own`()
        async throws
    {
        let broken = FakeTool("broken", does: .dies(of: "SEGV"))
        let cracked = FakeTool("cracked", does: .dies(of: "ABRT"))
        try await withWorkbench(broken, cracked, limits: .init(retries: Self.quick)) { bench in
            let dossier = try await bench.convert()
            #expect(dossier.attempts.map(\.converter) == ["broken", "broken", "cracked", "cracked"])
            #expect(dossier.job.failure?.code == .crashed)
        }
    }

    @Test func `what the tool says of the file is believed at once`() async throws {
        try await withWorkbench(Self.tool("forge", .fails(3)), limits: .init(retries: Self.quick)) { bench in
            let dossier = try await bench.convert()
            #expect(dossier.attempts.map(\.failureCode) == [.toolFailed])
        }
    }

    @Test func `a rate limit is waited for as long as was told`() async throws {
        let policy = RetryPolicy(limit: 3, delay: .milliseconds(5), longest: .seconds(60))
        try await withWorkbench(Self.tool("forge", .fails(76)), limits: .init(retries: policy)) { bench in
            let attempts = try await bench.convert().attempts
            #expect(attempts.map(\.failureCode) == [.rateLimited, .rateLimited, .rateLimited, .rateLimited])
            for (earlier, later) in zip(attempts, attempts.dropFirst()) {
                let ended = try #require(earlier.finishedAt)
                #expect(later.startedAt - ended >= .milliseconds(400))
            }
        }
    }

    @Test func `a job that waits for its retry keeps nobody else waiting`() async throws {
        let forge = FakeTool("forge", writes: [.stl], limit: 1, explain: Self.explain, does: .fails(75))
        let press = FakeTool("press", writes: [.ply], limit: 1, does: .makes(Samples.ply()))
        try await withWorkbench(forge, press, limits: .init(most: 1, retries: Self.slow)) { bench in
            let waiting = try await bench.upload(to: .stl)
            try await eventually(within: Machine.patience) { try await bench.store.jobs.job(waiting)?.dueAt != nil }
            let other = try await bench.convert(to: .ply)
            #expect(other.job.status == .succeeded)
            #expect(try await bench.store.jobs.job(waiting)?.status == .pending)
        }
    }
}
