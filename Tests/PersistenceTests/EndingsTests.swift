import Synchronization
import TestSupport
import Testing

@testable import Persistence

@Suite(.timeLimit(.minutes(2)))
struct EndingsTests {
    @Test func `an end after the watch was taken is not missed, however late one looks`() async throws {
        try await withTemporaryStore { store in
            let (job, _) = try await store.jobs.receive(.sample())
            let watch = store.jobs.endings.watch(job)

            try await store.jobs.refuse(job, Failure(.rejected, "No."))

            await watch.wait()
        }
    }

    @Test func `all who wait for a job are told of its end`() async throws {
        try await withTemporaryStore { store in
            let (job, _) = try await store.jobs.receive(.sample())
            let watches = (0..<10).map { _ in store.jobs.endings.watch(job) }

            try await withThrowingTaskGroup { group in
                for watch in watches { group.addTask { await watch.wait() } }
                try await store.jobs.refuse(job, Failure(.rejected, "No."))
                try await group.waitForAll()
            }

            #expect(store.jobs.endings.awaited == 0)
        }
    }

    @Test(arguments: [true, false])
    func `success and failure are announced`(isSuccess: Bool) async throws {
        try await withTemporaryStore { store in
            let claim = try await store.claimSample()
            let watch = store.jobs.endings.watch(claim.job.id)
            let how: Ending =
                isSuccess
                ? .succeeded(try await store.output(of: claim), warnings: [])
                : .failed(Failure(.crashed, "It crashed."))

            _ = try await store.jobs.finish(claim, as: how, run: RunRecord())

            await watch.wait()
        }
    }

    @Test func `what does not end the job is not announced`() async throws {
        try await withTemporaryStore { store in
            let claim = try await store.claimSample()
            let watch = store.jobs.endings.watch(claim.job.id)

            _ = try await store.jobs.finish(claim, as: .released, run: RunRecord())
            try await store.jobs.refuse(claim.job.id, Failure(.rejected, "Too late."))

            #expect(!watch.isOver && store.jobs.endings.awaited == 1)
        }
    }

    @Test func `one who stops waiting leaves nothing behind`() async throws {
        try await withTemporaryStore { store in
            let waiter = Task { await store.jobs.endings.watch(Job.ID()).wait() }

            waiter.cancel()
            await waiter.value

            #expect(store.jobs.endings.awaited == 0)
        }
    }

    @Test func `one who never begins to wait leaves nothing behind`() async throws {
        try await withTemporaryStore { store in
            _ = store.jobs.endings.watch(Job.ID())

            #expect(store.jobs.endings.awaited == 0)
        }
    }

    @Test func `one who goes does not take the others with him`() async throws {
        try await withTemporaryStore { store in
            let (job, _) = try await store.jobs.receive(.sample())
            let watch = store.jobs.endings.watch(job)
            _ = store.jobs.endings.watch(job)

            try await store.jobs.refuse(job, Failure(.rejected, "No."))

            await watch.wait()
        }
    }

    @Test func `what is to be done at the end is done once, at once when the end was before`() async throws {
        try await withTemporaryStore { store in
            let (job, _) = try await store.jobs.receive(.sample())
            let watch = store.jobs.endings.watch(job)
            let early = Atomic(0)
            let late = Atomic(0)
            watch.atEnd { early.add(1, ordering: .relaxed) }

            try await store.jobs.refuse(job, Failure(.rejected, "No."))
            watch.atEnd { late.add(1, ordering: .relaxed) }
            watch.end()

            #expect(early.load(ordering: .relaxed) == 1 && late.load(ordering: .relaxed) == 1)
        }
    }

    @Test func `a job is live from its acceptance to its end, whatever that is`() async throws {
        try await withTemporaryStore { store in
            let endings = store.jobs.endings
            let succeeded = try await store.claimSample()
            let cancelled = try await store.enqueueSample()
            #expect(endings.isLive(succeeded.job.id) && endings.isLive(cancelled))

            let (refused, _) = try await store.jobs.receive(.sample())
            _ = try await store.jobs.cancel(refused, requestId: nil)
            let source = try await store.keep("o box\n", for: refused, as: .source(of: refused))
            _ = try await store.jobs.enqueue(refused, .sample(source))
            #expect(!endings.isLive(refused))

            try await store.finish(
                succeeded, as: .succeeded(try await store.output(of: succeeded), warnings: []))
            _ = try await store.jobs.cancel(cancelled, requestId: nil)
            #expect(!endings.isLive(succeeded.job.id) && !endings.isLive(cancelled))
        }
    }

    @Test func `one that goes back to the queue is live`() async throws {
        try await withTemporaryStore { store in
            let claim = try await store.claimSample()
            try await store.finish(claim, as: .released)
            #expect(store.jobs.endings.isLive(claim.job.id))
        }
    }

    @Test func `who is curious gets the job as its row has it, and nobody else`() async throws {
        try await withTemporaryStore { store in
            let claim = try await store.claimSample()
            let curious = store.jobs.endings.watch(claim.job.id, isCurious: true)
            let other = store.jobs.endings.watch((try await store.claimSample()).job.id)
            #expect(curious.dossier == nil)

            try await store.finish(claim, as: .succeeded(try await store.output(of: claim), warnings: ["Small."]))

            let told = try #require(curious.dossier)
            let row = try #require(try await store.jobs.dossier(of: claim.job.id))
            #expect(told.job.status == .succeeded && told.job.warnings == ["Small."])
            #expect(told.job.finishedAt == row.job.finishedAt && told.attempts.count == 1)
            #expect(told.artifacts.map(\.id) == row.artifacts.map(\.id))
            #expect(other.dossier == nil)
        }
    }

    @Test func `who ends the wait himself is told nothing`() async throws {
        try await withTemporaryStore { store in
            let claim = try await store.claimSample()
            let watch = store.jobs.endings.watch(claim.job.id, isCurious: true)
            watch.end()
            #expect(watch.isOver && watch.dossier == nil)
        }
    }
}
