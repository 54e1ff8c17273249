import Persistence
import TestSupport
import Testing

@testable import Persistence

/// Jobs whose tool is not there any more.
@Suite(.timeLimit(.minutes(2)))
struct StrandedTests {
    @Test func `they are found, ready and waiting ones, and no others`() async throws {
        try await withTemporaryStore { store in
            _ = try await store.claimSample(tool: "forge")
            let ready = try await store.enqueueSample(tool: "forge")
            let waiting = try await store.enqueueSample(tool: "press")
            try await store.change(waiting, "dueAt = 5")
            let fine = try await store.enqueueSample()
            try await store.change(fine, "dueAt = 5")
            _ = try await store.enqueueSample()

            let found = try await store.jobs.stranded(without: ["assimp"])

            #expect(found.map(\.id) == [ready, waiting])
        }
    }

    @Test func `one that is given to another converter is ready for its tool, with a clean slate and an event`()
        async throws
    {
        try await withTemporaryStore { store in
            let id = try await store.enqueueSample()
            try await store.change(id, "dueAt = 5, failures = 2, crashes = 1")
            let job = try #require(try await store.jobs.job(id))

            try await store.jobs.reassign(job, to: Place(choice: 1, tool: "blender"))

            let claim = try await store.claim("blender")
            #expect(claim.job.id == id && claim.job.converter == "blender")
            #expect([claim.job.failures, claim.job.crashes] == [0, 0])
            let event = try await store.jobs.events(of: id)[2]
            #expect([event.fromStatus, event.toStatus] == [.pending, .pending])
            #expect(event.reason == "toolMissing")
        }
    }

    @Test func `one that is given up has failed, and who waits for it is told`() async throws {
        try await withTemporaryStore { store in
            let id = try await store.enqueueSample()
            let job = try #require(try await store.jobs.job(id))
            let watch = store.jobs.endings.watch(id)

            try await store.jobs.abandon(job, Failure(.toolMissing, "It is gone."))

            await watch.wait()
            let ended = try #require(try await store.jobs.job(id))
            #expect(ended.status == .failed && ended.failure == Failure(.toolMissing, "It is gone."))
        }
    }

    @Test func `one that moved on meanwhile is left alone`() async throws {
        try await withTemporaryStore { store in
            let id = try await store.enqueueSample()
            let job = try #require(try await store.jobs.job(id))
            _ = try await store.claim("assimp")
            let before = try await store.picture(of: id)

            let verdicts = [
                try await store.jobs.reassign(job, to: Place(choice: 1, tool: "blender")),
                try await store.jobs.abandon(job, Failure(.toolMissing, "It is gone.")),
            ]

            #expect(verdicts == [.lost, .lost])
            #expect(try await store.picture(of: id) == before)
        }
    }
}
