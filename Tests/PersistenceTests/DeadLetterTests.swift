import TestSupport
import Testing

@testable import Persistence

/// Failed jobs that are worth repeating, and their repetition by hand.
struct DeadLetterTests {
    @Test(arguments: Failure.Code.allCases)
    func `a failed job is a dead letter when its file was not to blame`(code: Failure.Code) async throws {
        try await withTemporaryStore { store in
            let job = try await failed(code, at: store)

            let letters = try await store.jobs.history(.deadLetters, limit: 10).map(\.job.id)

            #expect(letters == (code.isCircumstance ? [job.id] : []))
            #expect(job.isRetryable == code.isCircumstance)
        }
    }

    @Test func `a job that fell three times with the server is a dead letter`() async throws {
        try await withTemporaryFolder { folder in
            let job = try await withStore(in: folder) { store in
                let job = try await store.claimSample().job.id
                try await store.change(job, "crashes = 2")
                return job
            }
            try await withStore(in: folder) { store in
                try await store.jobs.recover(store.jobs.leftovers(of: store.boot), boot: store.boot)
                #expect(try await store.jobs.history(.deadLetters, limit: 10).map(\.job.id) == [job])
            }
        }
    }

    @Test func `a refused upload is none, and neither is one whose file is gone`() async throws {
        try await withTemporaryStore { store in
            let (refused, _) = try await store.jobs.receive(.sample())
            try await store.jobs.refuse(refused, Failure(.diskFull, "Full."))
            try await store.loseFiles(of: store.enqueueSample())
            _ = try await store.jobs.claim("assimp", boot: store.boot)

            #expect(try await store.jobs.history(.deadLetters, limit: 10).isEmpty)
        }
    }

    @Test func `a retry is a new job for the same bytes and the same wish, and says what it repeats`() async throws {
        try await withTemporaryStore { store in
            let old = try await failed(.timedOut, at: store)
            try await store.change(
                old.id, "tag = 'blue', options = '{\"scale\":2}', priority = 2, warnings = '[\"No.\"]'")

            let new = try #require(try await retry(old.id, at: store))

            #expect(new.job.id != old.id && new.job.status == .pending && new.job.attempt == 0)
            #expect(new.job.retryOf == old.id && new.job.kind == .conversion)
            #expect([new.job.tag, new.job.options, new.job.client] == ["blue", "{\"scale\":2}", "local"])
            #expect(new.job.priority == .low && new.job.warnings == ["No."])
            #expect([new.job.sourceFilename, new.job.sourceFormat, new.job.targetFormat] == ["box.obj", "obj", "glb"])
            #expect(new.artifact(.source)?.blobKey == .source(of: old.id))
            let claim = try await store.claim("blender")
            #expect(claim.job.id == new.job.id && claim.source.sha256 == new.artifact(.source)?.sha256)
            let event = try #require(try await store.jobs.events(of: new.job.id).first)
            #expect(event.fromStatus == nil && event.toStatus == .pending && event.reason == "retry")
            #expect(event.requestId == "request-2")
        }
    }

    @Test func `one that was repeated stays as it ended, and is no dead letter any more`() async throws {
        try await withTemporaryStore { store in
            let old = try await failed(.timedOut, at: store)
            _ = try await retry(old.id, at: store)

            let now = try #require(try await store.jobs.job(old.id))
            #expect(now.status == .failed && now.failure == old.failure && now.finishedAt == old.finishedAt)
            #expect(try await store.jobs.history(.deadLetters, limit: 10).isEmpty)
        }
    }

    @Test func `nothing is made of a job whose bytes are gone`() async throws {
        try await withTemporaryStore { store in
            let old = try await failed(.timedOut, at: store)
            let brief = try #require(try await store.jobs.brief(of: old.id))
            try await store.loseFiles(of: old.id)
            let request = RetryRequest(
                original: brief.job, source: try #require(brief.artifact(.source)), route: RouteStep.direct,
                tool: "assimp", requestId: nil)

            #expect(try await store.jobs.retry(request) == nil)
            #expect(try await store.jobs.history(limit: 10).count == 1)
        }
    }

    @Test func `dead letters are paged along their index`() async throws {
        let plans = try await plans(after: { try await $0.enqueueSample() }) { store, job in
            _ = try await store.jobs.history(.deadLetters, limit: 10)
            _ = try await store.jobs.history(
                .deadLetters, after: HistoryCursor(createdAt: .noon, id: job), limit: 10)
        }
        #expect(
            plans == [
                "SCAN job USING INDEX jobDeadLetters",
                "SEARCH job USING INDEX jobDeadLetters ((createdAt,id)<(?,?))",
            ])
    }

    private func failed(_ code: Failure.Code, at store: Store) async throws -> Job {
        let claim = try await store.claimSample()
        try await store.finish(claim, as: .failed(Failure(code, "No.")))
        return try #require(try await store.jobs.job(claim.job.id))
    }

    private func retry(_ job: Job.ID, at store: Store) async throws -> Dossier? {
        let brief = try #require(try await store.jobs.brief(of: job))
        let source = try #require(brief.artifact(.source))
        return try await store.jobs.retry(
            RetryRequest(
                original: brief.job, source: source, route: RouteStep.direct, tool: "blender", requestId: "request-2"))
    }
}
