import GRDB
import TestSupport
import Testing

@testable import Persistence

struct HistoryTests {
    @Test func `a walk by pages sees each of a thousand jobs once, newest first, whatever comes in between`()
        async throws
    {
        try await withTemporaryStore { store in
            let jobs = try await receive(1000, at: store)

            let seen = try await walk(store, pageSize: 37) {
                _ = try await store.jobs.receive(.sample(), now: .noon + .seconds(60))
            }

            #expect(seen.map(\.id) == jobs.reversed())
            #expect(zip(seen, seen.dropFirst()).allSatisfy { $0.createdAt >= $1.createdAt })
        }
    }

    @Test func `a walk through one status sees its jobs and no others`() async throws {
        try await withTemporaryStore { store in
            let jobs = try await receive(90, at: store)
            let refused = jobs.enumerated().filter { $0.offset % 3 == 0 }.map(\.element)
            for job in refused { try await store.jobs.refuse(job, Failure(.rejected, "No.")) }

            let failed = try await walk(store, status: .failed, pageSize: 7)
            let uploading = try await walk(store, status: .uploading, pageSize: 7)

            #expect(failed.map(\.id) == refused.reversed())
            #expect(Set(uploading.map(\.id)) == Set(jobs).subtracting(refused))
        }
    }

    @Test func `previews are not in the history`() async throws {
        try await withTemporaryStore { store in
            let jobs = try await receive(3, at: store)
            try await store.writer.submit { database in
                try database.execute(sql: "UPDATE job SET kind = 'preview' WHERE id = ?", arguments: [jobs[1]])
            }

            #expect(try await walk(store, pageSize: 2).map(\.id) == [jobs[2], jobs[0]])
            #expect(try await walk(store, status: .uploading, pageSize: 2).map(\.id) == [jobs[2], jobs[0]])
        }
    }

    @Test func `a dossier holds the attempts in order and the newest artifact of each role`() async throws {
        try await withTemporaryStore { store in
            let first = try await store.claimSample(route: RouteStep.staged, tool: "openscad")
            let step = try await store.output(of: first, role: .intermediate, format: "stl")
            _ = try await store.jobs.finish(first, as: .advanced(step, to: Place(tool: "assimp")), run: RunRecord())
            let second = try #require(try await store.jobs.claim("assimp", boot: store.boot))
            let result = try await store.output(of: second)
            _ = try await store.jobs.finish(second, as: .succeeded(result, warnings: []), run: RunRecord())

            let dossier = try #require(try await store.jobs.dossier(of: first.job.id))

            #expect(dossier.attempts.map(\.number) == [1, 2])
            #expect(dossier.artifacts.map(\.role) == [.source, .intermediate, .result])
            #expect(dossier.artifact(.result)?.blobKey == result.blob.key)
            #expect(dossier.artifact(.result)?.sha256 == result.blob.sha256)
            #expect(dossier.artifact(.log) == nil)
        }
    }

    @Test func `a job that never was has no dossier and no events`() async throws {
        try await withTemporaryStore { store in
            let dossier = try await store.jobs.dossier(of: Job.ID())
            let events = try await store.jobs.events(of: Job.ID())
            #expect(dossier == nil)
            #expect(events.isEmpty)
        }
    }

    /// Ten in each millisecond, so that places in the history are told apart by id.
    private func receive(_ count: Int, at store: Store) async throws -> [Job.ID] {
        var jobs: [Job.ID] = []
        for number in 0..<count {
            jobs.append(try await store.jobs.receive(.sample(), now: .noon + .milliseconds(number / 10)).job)
        }
        return jobs
    }

    private func walk(
        _ store: Store, status: Status? = nil, pageSize: Int, afterEachPage: () async throws -> Void = {}
    ) async throws -> [Job] {
        var seen: [Job] = []
        var cursor: HistoryCursor?
        while seen.count < 10_000 {  // A walk that does not get on would go on for ever.
            let page = try await store.jobs.history(
                status.map(HistoryFilter.status) ?? .all, after: cursor, limit: pageSize
            ).map(\.job)
            #expect(page.count <= pageSize)
            guard let last = page.last else { return seen }
            seen += page
            cursor = HistoryCursor(createdAt: last.createdAt, id: last.id)
            try await afterEachPage()
        }
        return seen
    }
}
