import TestSupport
import Testing

@testable import Persistence

@Suite(.timeLimit(.minutes(2)))
struct EndingsTests {
    @Test func `an end after the stream was taken is not missed, however late one looks`() async throws {
        try await withTemporaryStore { store in
            let (job, _) = try await store.jobs.receive(.sample())
            let ending = store.jobs.endings.stream(of: job)

            try await store.jobs.refuse(job, Failure(.rejected, "No."))

            for await _ in ending {}
        }
    }

    @Test func `all who wait for a job are told of its end`() async throws {
        try await withTemporaryStore { store in
            let (job, _) = try await store.jobs.receive(.sample())
            let endings = (0..<10).map { _ in store.jobs.endings.stream(of: job) }

            try await withThrowingTaskGroup { group in
                for ending in endings { group.addTask { for await _ in ending {} } }
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
            let ending = store.jobs.endings.stream(of: claim.job.id)
            let how: Ending =
                isSuccess
                ? .succeeded(try await store.output(of: claim), warnings: [])
                : .failed(Failure(.crashed, "It crashed."))

            _ = try await store.jobs.finish(claim, as: how, run: RunRecord())

            for await _ in ending {}
        }
    }

    @Test func `what does not end the job is not announced`() async throws {
        try await withTemporaryStore { store in
            let claim = try await store.claimSample()
            let ending = store.jobs.endings.stream(of: claim.job.id)

            _ = try await store.jobs.finish(claim, as: .released, run: RunRecord())
            try await store.jobs.refuse(claim.job.id, Failure(.rejected, "Too late."))

            withExtendedLifetime(ending) { #expect(store.jobs.endings.awaited == 1) }
        }
    }

    @Test func `one who stops waiting leaves nothing behind`() async throws {
        try await withTemporaryStore { store in
            let job = Job.ID()
            let ending = store.jobs.endings.stream(of: job)
            let waiter = Task { for await _ in ending {} }

            waiter.cancel()
            await waiter.value

            try await eventually { store.jobs.endings.awaited == 0 }
        }
    }

    @Test func `one who never begins to wait leaves nothing behind`() async throws {
        try await withTemporaryStore { store in
            _ = store.jobs.endings.stream(of: Job.ID())

            try await eventually { store.jobs.endings.awaited == 0 }
        }
    }

    @Test func `one who goes does not take the others with him`() async throws {
        try await withTemporaryStore { store in
            let (job, _) = try await store.jobs.receive(.sample())
            let ending = store.jobs.endings.stream(of: job)
            _ = store.jobs.endings.stream(of: job)

            try await store.jobs.refuse(job, Failure(.rejected, "No."))

            for await _ in ending {}
        }
    }
}
