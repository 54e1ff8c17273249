import TestSupport
import Testing

@testable import Persistence

/// The end of a job by hand.
@Suite(.timeLimit(.minutes(2)))
struct CancelTests {
    @Test(arguments: [Status.uploading, .pending, .running])
    func `a job under way is cancelled at once, whatever it does`(status: Status) async throws {
        try await withTemporaryStore { store in
            let id = try await store.sample(in: status)
            let watch = store.jobs.endings.watch(id)

            let verdict = try await store.jobs.cancel(id, requestId: "request-9", now: .noon + .seconds(3))

            await watch.wait()
            let dossier = try #require(try await store.jobs.dossier(of: id))
            let event = try #require(try await store.jobs.events(of: id).last)
            #expect(verdict == .committed && dossier.job.status == .cancelled)
            #expect(dossier.job.finishedAt == .noon + .seconds(3) && dossier.job.claimedBy == nil)
            #expect(dossier.job.failure == nil && !dossier.job.isRetryable)
            #expect([event.fromStatus, event.toStatus] == [status, .cancelled] && event.requestId == "request-9")
            #expect(dossier.attempts.map(\.outcome) == (status == .running ? [.cancelled] : []))
        }
    }

    @Test func `a job that waits for its retry can be cancelled, and is never due`() async throws {
        try await withTemporaryStore { store in
            let claim = try await store.claimSample()
            try await store.finish(claim, as: .postponed(Failure(.diskFull, "Full."), after: .zero), now: .noon)

            let verdict = try await store.jobs.cancel(claim.job.id, requestId: nil)

            let next = try await store.jobs.promote(longest: .seconds(60))
            #expect(verdict == .committed && next == nil)
            #expect(try await store.jobs.job(claim.job.id)?.dueAt == nil)
        }
    }

    @Test(arguments: [Status.succeeded, .failed, .cancelled])
    func `a job that has ended stays as it is`(status: Status) async throws {
        try await withTemporaryStore { store in
            let id = try await store.sample(in: status == .cancelled ? .pending : status)
            if status == .cancelled { _ = try await store.jobs.cancel(id, requestId: nil) }
            let before = try await store.picture(of: id)

            #expect(try await store.jobs.cancel(id, requestId: "late") == .lost)
            #expect(try await store.picture(of: id) == before)
        }
    }

    @Test(arguments: Way.allCases)
    func `what comes late from a cancelled attempt is not taken`(way: Way) async throws {
        try await withTemporaryStore { store in
            let claim = try await store.claimSample()
            _ = try await store.jobs.cancel(claim.job.id, requestId: nil)
            let ending = try await way.ending(store, claim)
            let before = try await store.picture(of: claim.job.id)

            #expect(try await store.jobs.finish(claim, as: ending, run: RunRecord()) == .lost)
            #expect(try await store.picture(of: claim.job.id) == before)
        }
    }

    @Test func `who holds the claim is told, however soon it is cancelled`() async throws {
        try await withTemporaryStore { store in
            let claim = try await store.claimSample()
            _ = try await store.jobs.cancel(claim.job.id, requestId: nil)
            await claim.ended.wait()
        }
    }

    @Test func `an upload that was cancelled is neither enqueued nor refused, and its watch sees it`() async throws {
        try await withTemporaryStore { store in
            let (id, _) = try await store.jobs.receive(.sample())
            let watch = store.jobs.endings.watch(id)
            #expect(!watch.isOver)
            _ = try await store.jobs.cancel(id, requestId: nil)
            let source = try await store.keep("o box\n", for: id, as: .source(of: id))

            #expect(watch.isOver)
            #expect(try await store.jobs.enqueue(id, .sample(source)) == nil)
            #expect(try await store.jobs.refuse(id, Failure(.uploadAborted, "Gone.")) == .lost)
        }
    }
}
