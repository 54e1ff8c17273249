import TestSupport
import Testing

@testable import Persistence

/// Files that are kept for a time.
struct ExpiryTests {
    private static let later = Instant.noon + .seconds(1)

    @Test func `a result and its log expire, and their sizes and hashes stay on record`() async throws {
        try await withTemporaryStore { store in
            let id = try await store.sample(in: .succeeded)
            let before = try #require(try await store.jobs.dossier(of: id))

            let expiry = try await store.jobs.expireResults(endedBefore: Self.later, now: Self.later)

            let after = try #require(try await store.jobs.dossier(of: id))
            let result = try #require(after.artifact(.result))
            #expect(expiry.unnamed.map(\.key) == [.output(of: id, attempt: 1)] && expiry.jobs == 1)
            #expect(result.blobKey == nil && result.expiredAt == Self.later)
            #expect(result.sha256 == before.artifact(.result)?.sha256 && result.size == expiry.unnamed[0].size)
            #expect(after.artifact(.source)?.blobKey == .source(of: id))
            #expect(after.job.status == .succeeded && after.job.expiredAt == Self.later)
            let event = try #require(try await store.jobs.events(of: id).last)
            #expect(event.reason == "expired" && event.at == Self.later && event.toStatus == nil)
        }
    }

    @Test func `what is younger stays, and so does all of a job under way`() async throws {
        try await withTemporaryStore { store in
            for status in [Status.uploading, .pending, .running, .succeeded, .failed] {
                _ = try await store.sample(in: status)
            }
            let results = try await store.jobs.expireResults(endedBefore: .noon)
            let sources = try await store.jobs.expireSources(endedBefore: .noon)
            #expect(results.jobs == 0 && results.unnamed.isEmpty && sources.jobs == 0 && sources.unnamed.isEmpty)

            let gone = try await store.jobs.expireSources(endedBefore: Self.later)
            #expect(gone.jobs == 2 && gone.unnamed.count == 2)
        }
    }

    @Test func `without its source a failed job cannot be repeated, and has expired when nothing else is left`()
        async throws
    {
        try await withTemporaryStore { store in
            let id = try await store.sample(in: .failed)

            _ = try await store.jobs.expireSources(endedBefore: Self.later, now: Self.later)

            let job = try #require(try await store.jobs.job(id))
            #expect(!job.isRetryable && job.expiredAt == Self.later)
            #expect(try await store.jobs.history(.failed(.crashed), limit: 9).isEmpty)
            #expect(try await store.jobs.events(of: id).last?.reason == "sourceExpired")
        }
    }

    @Test func `a job that has its result has not expired, whatever became of its source`() async throws {
        try await withTemporaryStore { store in
            let id = try await store.sample(in: .succeeded)
            _ = try await store.jobs.expireSources(endedBefore: Self.later)
            #expect(try await store.jobs.job(id)?.expiredAt == nil)
        }
    }

    @Test func `bytes that another job has too stay until the last of them goes`() async throws {
        try await withTemporaryStore { store in
            let old = try await store.sample(in: .failed)
            let brief = try #require(try await store.jobs.brief(of: old))
            let request = RetryRequest(
                original: brief.job, source: try #require(brief.artifact(.source)), route: RouteStep.direct,
                tool: "assimp", requestId: nil)
            _ = try await store.jobs.retry(request, now: .noon)

            #expect(try await store.jobs.expireSources(endedBefore: Self.later).unnamed == [])
            let claim = try await store.claim("assimp")
            #expect(claim.source.blobKey == .source(of: old))
            try await store.finish(claim, as: .failed(Failure(.crashed, "It crashed.")), now: .noon)
            #expect(
                try await store.jobs.expireSources(endedBefore: Self.later).unnamed.map(\.key) == [.source(of: old)])
        }
    }

    @Test func `pictures go with their result, which stays while one is being made`() async throws {
        try await withTemporaryStore { store in
            let id = try await store.sample(in: .succeeded)
            let dossier = try #require(try await store.jobs.dossier(of: id))
            let wish = PreviewRequest(
                parent: dossier.job, result: try #require(dossier.artifact(.result)),
                route: [RouteStep(from: "glb", to: "png", converters: ["f3d"])], tool: "f3d")
            _ = try await store.jobs.preview(wish, requestId: nil, now: .noon)
            let claim = try await store.claim("f3d")
            #expect(try await store.jobs.expireResults(endedBefore: Self.later).jobs == 0)

            let picture = try await store.output(of: claim, format: "png")
            try await store.finish(claim, as: .succeeded(picture, warnings: []), now: .noon)
            let expiry = try await store.jobs.expireResults(endedBefore: Self.later, now: Self.later)

            #expect(Set(expiry.unnamed.map(\.key)) == [picture.blob.key, .output(of: id, attempt: 1)])
            #expect(try await store.jobs.job(claim.job.id)?.expiredAt == Self.later)
        }
    }

    @Test func `small steps lead through all there is, past what must stay`() async throws {
        try await withTemporaryStore { store in
            for status in [Status.running, .succeeded, .succeeded, .pending, .succeeded] {
                _ = try await store.sample(in: status)
            }
            var (cursor, steps, jobs): (Expiry.Cursor?, Int, Int) = (nil, 0, 0)
            repeat {
                let expiry = try await store.jobs.expireSources(endedBefore: Self.later, after: cursor, limit: 2)
                (cursor, steps, jobs) = (expiry.next, steps + 1, jobs + expiry.jobs)
            } while cursor != nil
            #expect(jobs == 3 && steps == 3)
            #expect(try await store.jobs.expireSources(endedBefore: Self.later).jobs == 0)
        }
    }

    @Test func `a forgotten job leaves its audit trail and nothing else`() async throws {
        try await withTemporaryStore { store in
            let old = try await store.sample(in: .succeeded)
            let waiting = try await store.sample(in: .pending)

            let expiry = try await store.jobs.forget(endedBefore: Self.later, now: Self.later)

            #expect(expiry.jobs == 1)
            #expect(Set(expiry.unnamed.map(\.key)) == [.source(of: old), .output(of: old, attempt: 1)])
            #expect(try await store.jobs.dossier(of: old) == nil)
            #expect(try await store.jobs.job(waiting)?.status == .pending)
            let events = try await store.jobs.events(of: old)
            #expect(events.count == 5 && events.last?.reason == "forgotten")
            #expect(try await store.jobs.census()[.succeeded] == 1)
        }
    }

    @Test func `retention walks along its indexes, and reads nothing else`() async throws {
        let plans = try await plans(after: { try await $0.sample(in: .succeeded) }) { store, _ in
            _ = try await store.jobs.expireResults(endedBefore: Self.later)
            _ = try await store.jobs.expireSources(endedBefore: Self.later)
            _ = try await store.jobs.forget(endedBefore: Self.later)
        }
        let detours = plans.filter { $0.contains("SCAN") || $0.contains("TEMP B-TREE") || $0.contains("AUTOMATIC") }
        #expect(detours == [])
        #expect(plans.contains { $0.hasPrefix("SEARCH artifact USING INDEX artifactKept (") })
        #expect(plans.contains { $0.hasPrefix("SEARCH artifact USING INDEX sourceKept (") })
        #expect(plans.contains("SEARCH job USING INDEX jobEnded (finishedAt>? AND finishedAt<?)"))
    }
}
