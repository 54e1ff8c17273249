import GRDB
import TestSupport
import Testing

@testable import Persistence

struct EventTests {
    @Test func `every transition of a good life leaves one event that tells all of it`() async throws {
        try await withTemporaryStore { store in
            let first = try await store.claimSample(route: RouteStep.staged, tool: "openscad")
            try await store.finish(first, as: .released)
            let second = try await store.claim("openscad")
            let made = try await store.output(of: second, role: .intermediate, format: "stl")
            try await store.finish(second, as: .advanced(made, to: Place(tool: "assimp")))
            let third = try await store.claim("assimp")
            try await store.finish(
                third, as: .fellBack(Failure(.crashed, "It crashed."), to: Place(choice: 1, tool: "blender")))
            let fourth = try await store.claim("blender")
            try await store.finish(fourth, as: .succeeded(try await store.output(of: fourth), warnings: []))

            try await #expect(
                trail(of: first.job.id, store) == [
                    "nil → uploading, attempt nil, nil", "uploading → pending, attempt nil, nil",
                    "pending → running, attempt 1, nil", "running → pending, attempt 1, stopping",
                    "pending → running, attempt 2, nil", "running → pending, attempt 2, nextStep",
                    "pending → running, attempt 3, nil", "running → pending, attempt 3, nextConverter",
                    "pending → running, attempt 4, nil", "running → succeeded, attempt 4, nil",
                ])
        }
    }

    @Test func `a failure leaves its code as the reason`() async throws {
        try await withTemporaryStore { store in
            let claim = try await store.claimSample()
            try await store.finish(claim, as: .failed(Failure(.outOfMemory, "It needed too much memory.")))

            #expect(try await trail(of: claim.job.id, store).last == "running → failed, attempt 1, outOfMemory")
        }
    }

    @Test func `a refusal leaves its code as the reason`() async throws {
        try await withTemporaryStore { store in
            let (job, _) = try await store.jobs.receive(.sample())
            try await store.jobs.refuse(job, Failure(.rejected, "No."))

            try await #expect(
                trail(of: job, store) == [
                    "nil → uploading, attempt nil, nil", "uploading → failed, attempt nil, rejected",
                ])
        }
    }

    @Test func `an event tells when, who and by which request`() async throws {
        try await withTemporaryStore { store in
            let (job, _) = try await store.jobs.receive(
                Arrival(client: "ada", requestId: "request-9"), now: .noon)
            try await store.jobs.refuse(job, Failure(.rejected, "No."), now: .noon + .seconds(1))

            let events = try await store.jobs.events(of: job)
            #expect(events.map(\.at) == [.noon, .noon + .seconds(1)])
            #expect(events.map(\.client) == ["ada", "ada"])
            #expect(events.map(\.requestId) == ["request-9", "request-9"])
            #expect(events.allSatisfy { $0.subjectKind == "job" && $0.subjectId == job.rawValue })
            #expect(events[0].id < events[1].id)
        }
    }

    @Test func `a lost ending leaves no event`() async throws {
        try await withTemporaryStore { store in
            let claim = try await store.claimSample()
            try await store.finish(claim, as: .failed(Failure(.crashed, "It crashed.")))
            let before = try await trail(of: claim.job.id, store)

            _ = try await store.jobs.finish(claim, as: .released, run: RunRecord())

            #expect(try await trail(of: claim.job.id, store) == before)
        }
    }

    @Test(arguments: [
        "UPDATE event SET reason = 'other'", "DELETE FROM event",
        "INSERT OR REPLACE INTO event (id, at, subjectKind, subjectId) VALUES (1, 0, 'job', 'other')",
        "INSERT OR REPLACE INTO event (id, at, subjectKind, subjectId) VALUES (-1, 0, 'job', 'other')",
        "UPDATE OR REPLACE event SET id = id + 1",
    ])
    func `an event is never changed`(attack: String) async throws {
        try await withTemporaryStore { store in
            _ = try await store.jobs.receive(.sample())

            await #expect(throws: DatabaseError.self) {
                try await store.writer.submit { try $0.execute(sql: attack) }
            }
        }
    }

    @Test func `events go only with the whole of a pruned segment`() async throws {
        try await withTemporaryStore { store in
            let (job, _) = try await store.jobs.receive(.sample())
            let (other, _) = try await store.jobs.receive(.sample())
            let last = try #require(try await store.jobs.events(of: job).last?.id)
            try await store.writer.submit { database in
                try database.execute(
                    sql: """
                        INSERT INTO seal (firstEvent, lastEvent, sha256, sealedAt, prunedAt) VALUES (1, ?, '', 0, 0);
                        DELETE FROM event WHERE id <= ?
                        """, arguments: [last, last])
            }

            #expect(try await store.jobs.events(of: job).isEmpty)
            #expect(try await store.jobs.events(of: other).count == 1)
            await #expect(throws: DatabaseError.self) {
                try await store.writer.submit { try $0.execute(sql: "DELETE FROM event") }
            }
        }
    }

    private func trail(of job: Job.ID, _ store: Store) async throws -> [String] {
        try await store.jobs.events(of: job).map { event in
            func word(_ value: (some Any)?) -> String { value.map { "\($0)" } ?? "nil" }
            return "\(word(event.fromStatus)) → \(word(event.toStatus)), attempt \(word(event.attempt)), "
                + word(event.reason)
        }
    }
}

extension Store {
    /// The claim that there must be.
    func claim(_ tool: String) async throws -> Claim {
        try #require(try await jobs.claim(tool, boot: boot))
    }

    /// Ends a claim that must hold.
    func finish(_ claim: Claim, as ending: Ending, now: Instant = .now) async throws {
        let verdict = try await jobs.finish(claim, as: ending, run: RunRecord(), now: now)
        try #require(verdict == .committed)
    }
}
