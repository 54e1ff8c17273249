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
}
