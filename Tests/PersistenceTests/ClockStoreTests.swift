import GRDB
import TestSupport
import Testing

@testable import Persistence

/// What rows know of the wall clock.
struct ClockStoreTests {
    @Test func `the newest believed time is kept, and an operator's word is an event beside it`() async throws {
        try await withTemporaryStore { store in
            #expect(try await store.clock.marks().believed == nil)
            try await store.clock.believe(.noon)
            try await store.clock.note(isHeld: true, .noon + .seconds(1))
            try await store.clock.note(isHeld: false, .noon + .seconds(2))
            try await store.clock.confirm(.noon + .seconds(3), requestId: "request-3")

            let marks = try await store.clock.marks()
            let events = try await store.jobs.reader.read { database in
                try database.all(Event.self, "SELECT * FROM event WHERE subjectKind = 'clock' ORDER BY id")
            }
            #expect(marks.believed == .noon + .seconds(3) && marks.event == .noon + .seconds(3))
            #expect(events.map(\.reason) == ["held", "agreed", "confirmed"])
            #expect(events.last?.client == "operator" && events.last?.requestId == "request-3")
        }
    }

    @Test func `before any time was believed, a server was last seen at its stop or its newest event`() async throws {
        try await withTemporaryStore { store in
            #expect(try await store.clock.marks().seen == nil)
            _ = try await store.enqueueSample()
            #expect(try await store.clock.marks().seen == .noon)
            try await store.jobs.end(store.boot, now: .noon + .seconds(9))
            #expect(try await store.clock.marks().seen == .noon + .seconds(9))
        }
    }

    @Test func `history and claims go on when the clock is turned back a year`() async throws {
        try await withTemporaryStore { store in
            let past = Instant.noon - .seconds(365 * 86_400)
            let new = try await store.enqueueSample(now: .noon)
            let later = try await store.enqueueSample(now: past)
            #expect(later.rawValue > new.rawValue)
            let first = try #require(try await store.jobs.claim("assimp", boot: store.boot, now: past))
            #expect(first.job.id == new)
            try await store.finish(first, as: .failed(Failure(.crashed, "It crashed.")), now: past)
            #expect(try await store.claim("assimp").job.id == later)
            let page = try await store.jobs.history(limit: 1)
            let cursor = HistoryCursor(createdAt: page[0].job.createdAt, id: page[0].job.id)
            let rest = try await store.jobs.history(after: cursor, limit: 9)
            #expect(Set((page + rest).map(\.job.id)) == [new, later])
            #expect(try await store.jobs.events(of: new).map(\.toStatus) == [.uploading, .pending, .running, .failed])
        }
    }
}
