import GRDB
import TestSupport
import Testing

@testable import Persistence

struct FinalityTests {
    @Test(arguments: [Status.succeeded, .failed, .cancelled], Status.allCases)
    func `a final status never changes, not even by raw SQL`(from: Status, to: Status) async throws {
        try await withTemporaryStore { store in
            let job = try await store.sample(in: .running)
            try await store.change(job, "status = '\(from.rawValue)', finishedAt = 1")
            let before = try await store.picture(of: job)

            if from == to {
                try await store.change(job, "status = '\(to.rawValue)'")
            } else {
                let finishedAt = to.isFinal ? "1" : "NULL"
                let error = await #expect(throws: DatabaseError.self) {
                    try await store.change(job, "status = '\(to.rawValue)', finishedAt = \(finishedAt)")
                }
                #expect(error?.message == "a final status never changes")
            }

            #expect(try await store.picture(of: job) == before)
        }
    }

    @Test(arguments: Status.allCases)
    func `a job has a time of its end exactly when it has ended`(status: Status) async throws {
        try await withTemporaryStore { store in
            let job = try await store.sample(in: .running)
            let wrong = status.isFinal ? "NULL" : "1"

            await #expect(throws: DatabaseError.self) {
                try await store.change(job, "status = '\(status.rawValue)', finishedAt = \(wrong)")
            }
        }
    }

    @Test func `a status is one of the six words`() async throws {
        try await withTemporaryStore { store in
            let job = try await store.sample(in: .pending)

            await #expect(throws: DatabaseError.self) { try await store.change(job, "status = 'paused'") }
        }
    }
}
