import TestSupport
import Testing

@testable import Persistence

/// Jobs that are tried again when their time has come.
struct WaitingTests {
    private static let failure = Failure(.diskFull, "The disk is full.")

    @Test func `a retry waits for its time, its failure charged and its attempt on record`() async throws {
        try await withTemporaryStore { store in
            let claim = try await store.claimSample()

            try await store.finish(claim, as: .postponed(Self.failure, after: .seconds(7)), now: .noon)

            let dossier = try #require(try await store.jobs.dossier(of: claim.job.id))
            #expect(dossier.job.status == .pending && dossier.job.dueAt == .noon + .seconds(7))
            #expect([dossier.job.failures, dossier.job.crashes, dossier.job.choice] == [1, 0, 0])
            #expect(dossier.job.failure == nil && dossier.job.claimedBy == nil)
            #expect(dossier.attempts.map(\.failure) == [Self.failure])
            #expect(try await store.jobs.events(of: claim.job.id).last?.reason == "retry")
            #expect(try await store.jobs.claim("assimp", boot: store.boot) == nil)
        }
    }

    @Test func `those that are due become ready, and the next time is told`() async throws {
        try await withTemporaryStore { store in
            let jobs = try await waiting([1, 5, 9], at: store)

            let next = try await promote(store, at: 5)

            #expect(next == .noon + .seconds(9))
            #expect(try await ready(store) == Array(jobs.prefix(2)))
            #expect(try await promote(store, at: 9) == nil)
            #expect(try await ready(store) == [jobs[2]])
        }
    }

    @Test func `a retry counts on from the failures before it`() async throws {
        try await withTemporaryStore { store in
            try await store.finish(store.claimSample(), as: .postponed(Self.failure, after: .zero), now: .noon)
            _ = try await promote(store, at: 0)

            let second = try await store.claim("assimp")

            #expect(second.number == 2 && second.job.failures == 1 && second.job.dueAt == nil)
        }
    }

    @Test func `a clock that is turned back a year stalls nothing`() async throws {
        try await withTemporaryStore { store in
            let jobs = try await waiting([1, 9], at: store)

            let next = try await promote(store, at: -365 * 86_400)

            #expect(next == nil)
            #expect(try await ready(store) == jobs)
        }
    }

    @Test func `what lies within the longest wait is not ready before its time`() async throws {
        try await withTemporaryStore { store in
            _ = try await waiting([60], at: store)

            #expect(try await promote(store, at: 0) == .noon + .seconds(60))
            #expect(try await ready(store) == [])
        }
    }

    @Test func `looking for what is due scans nothing`() async throws {
        let plans = try await plans(after: { _ in }) { store, _ in
            _ = try await store.jobs.promote(longest: .seconds(60))
        }
        #expect(
            plans == [
                "SEARCH job USING INDEX jobWaiting (dueAt>? AND dueAt<?)",
                "SEARCH job USING INDEX jobWaiting (dueAt>?)",
                "SEARCH job USING INDEX jobWaiting (dueAt>?)",
            ])
    }

    private func promote(_ store: Store, at seconds: Int) async throws -> Instant? {
        try await store.jobs.promote(longest: .seconds(60), now: .noon + .seconds(seconds))
    }

    /// One job for each time, in seconds after noon.
    private func waiting(_ times: [Int], at store: Store) async throws -> [Job.ID] {
        var jobs: [Job.ID] = []
        for seconds in times {
            let claim = try await store.claimSample()
            try await store.finish(claim, as: .postponed(Self.failure, after: .seconds(seconds)), now: .noon)
            jobs.append(claim.job.id)
        }
        return jobs
    }

    private func ready(_ store: Store) async throws -> [Job.ID] {
        var jobs: [Job.ID] = []
        while let claim = try await store.jobs.claim("assimp", boot: store.boot) { jobs.append(claim.job.id) }
        return jobs
    }
}
