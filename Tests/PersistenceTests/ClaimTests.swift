import GRDB
import TestSupport
import Testing

@testable import Persistence

struct ClaimTests {
    @Test func `a job is claimed once, however many workers ask`() async throws {
        try await withTemporaryStore { store in
            let job = try await store.enqueueSample()

            let claims = try await fiftyTimesAtOnce { try await store.jobs.claim("assimp", boot: store.boot) }

            #expect(claims.compactMap(\.?.job.id) == [job])
        }
    }

    @Test func `fifty workers take fifty jobs, each its own`() async throws {
        try await withTemporaryStore { store in
            var jobs: Set<Job.ID> = []
            for _ in 0..<50 { jobs.insert(try await store.enqueueSample()) }

            let claims = try await fiftyTimesAtOnce { try await store.jobs.claim("assimp", boot: store.boot) }

            #expect(Set(claims.compactMap(\.?.job.id)) == jobs)
        }
    }

    @Test func `who was enqueued first runs first, whatever the clock says`() async throws {
        try await withTemporaryStore { store in
            let first = try await store.enqueueSample(now: .noon + .seconds(2))
            let second = try await store.enqueueSample(now: .noon)
            let third = try await store.enqueueSample(now: .noon)
            let last = try await store.enqueueSample(now: .noon + .seconds(1))

            #expect(try await claimAll(store) == [first, second, third, last])
        }
    }

    @Test func `a lower priority number runs before an earlier turn`() async throws {
        try await withTemporaryStore { store in
            let ordinary = try await store.enqueueSample(now: .noon)
            let urgent = try await store.enqueueSample(now: .noon + .seconds(2))
            let idle = try await store.enqueueSample(now: .noon + .seconds(-2))
            try await store.change(urgent, "priority = 0")
            try await store.change(idle, "priority = 2")

            #expect(try await claimAll(store) == [urgent, ordinary, idle])
        }
    }

    @Test func `a tool gets only the jobs that need it`() async throws {
        try await withTemporaryStore { store in
            _ = try await store.enqueueSample(tool: "blender")

            #expect(try await store.jobs.claim("assimp", boot: store.boot) == nil)
        }
    }

    @Test func `a job that waits for its time is not claimed`() async throws {
        try await withTemporaryStore { store in
            try await store.change(store.enqueueSample(), "dueAt = 0")

            #expect(try await store.jobs.claim("assimp", boot: store.boot) == nil)
        }
    }

    @Test func `a claim makes the running attempt's row at once`() async throws {
        try await withTemporaryStore { store in
            let job = try await store.enqueueSample()

            let claim = try #require(try await store.jobs.claim("assimp", boot: store.boot, now: .noon + .seconds(3)))

            let attempt = try #require(try await store.jobs.dossier(of: job)?.attempts.first)
            #expect(attempt.number == 1 && claim.number == 1)
            #expect([attempt.converter, attempt.tool] == ["assimp", "assimp"])
            #expect(attempt.boot == store.boot)
            #expect(attempt.outcome == .running)
            #expect(attempt.startedAt == .noon + .seconds(3))
            #expect(attempt.finishedAt == nil)
        }
    }

    @Test func `a claimed job is running, under its claimant's boot, since then`() async throws {
        try await withTemporaryStore { store in
            let id = try await store.enqueueSample()

            let claim = try #require(try await store.jobs.claim("assimp", boot: store.boot, now: .noon + .seconds(3)))

            let job = try #require(try await store.jobs.job(id))
            #expect(job.status == .running && claim.job.status == .running)
            #expect(job.claimedBy == store.boot)
            #expect([job.startedAt, job.changedAt] == [.noon + .seconds(3), .noon + .seconds(3)])
        }
    }

    @Test func `a claim hands over the uploaded file`() async throws {
        try await withTemporaryStore { store in
            let claim = try await store.claimSample()

            #expect(claim.source.role == .source)
            #expect(claim.source.blobKey == .source(of: claim.job.id))
        }
    }

    @Test func `a job whose file is gone fails, and those behind it go on`() async throws {
        try await withTemporaryStore { store in
            let broken = try await store.enqueueSample()
            let good = try await store.enqueueSample()
            try await store.loseFiles(of: broken)
            let watch = store.jobs.endings.watch(broken)

            #expect(try await claimAll(store) == [good])

            await watch.wait()
            let dossier = try #require(try await store.jobs.dossier(of: broken))
            #expect(dossier.job.failure?.code == .internal && dossier.job.claimedBy == nil)
            #expect(dossier.attempts.map(\.outcome) == [.failed])
            #expect(dossier.attempts.map(\.failureCode) == [.internal])
        }
    }

    private func claimAll(_ store: Store) async throws -> [Job.ID] {
        var jobs: [Job.ID] = []
        while let claim = try await store.jobs.claim("assimp", boot: store.boot) { jobs.append(claim.job.id) }
        return jobs
    }

    private func fiftyTimesAtOnce<Value: Sendable>(
        _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> [Value] {
        try await withThrowingTaskGroup { group in
            for _ in 0..<50 { group.addTask { try await work() } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }
}

extension Store {
    /// Makes the job's artifacts name no bytes, which no verb does to a job under way.
    func loseFiles(of job: Job.ID) async throws {
        try await writer.submit { database in
            try database.execute(sql: "UPDATE artifact SET blobKey = NULL WHERE jobId = ?", arguments: [job])
        }
    }

    /// Changes columns that no verb changes yet.
    func change(_ job: Job.ID, _ columns: String) async throws {
        try await writer.submit { database in
            try database.execute(sql: "UPDATE job SET \(columns) WHERE id = ?", arguments: [job])
        }
    }
}
