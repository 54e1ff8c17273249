import Dispatch
import GRDB
import TestSupport
import Testing

@testable import Persistence

/// The database kept small and quick.
struct UpkeepTests {
    @Test func `pages that are free are given back a few at a time`() async throws {
        try await withTemporaryStore { store in
            try await fill(store)
            try await store.writer.submit { try $0.execute(sql: "DELETE FROM boot WHERE version = 'mark'") }
            let before = try await pages(store)

            #expect(try await store.upkeep.shrink(pages: 100))

            // One of them may have been of the map of the others.
            #expect(try await (before - 101...before - 100).contains(pages(store)))
            while try await store.upkeep.shrink(pages: 1000) {}
            #expect(try await pages(store) < before / 2)
            #expect(try await !store.upkeep.shrink())
        }
    }

    @Test func `the log is emptied when it has grown too long, and not before`() async throws {
        try await withTemporaryStore { store in
            try await fill(store)
            let size = store.upkeep.logSize
            #expect(size > 1 << 20)
            #expect(try await store.upkeep.boundLog(size) && store.upkeep.logSize == size)
            #expect(try await store.upkeep.boundLog(size - 1) && store.upkeep.logSize == 0)
        }
    }

    @Test func `a log that somebody reads from is left for another time`() async throws {
        try await withTemporaryStore { store in
            try await fill(store)
            let isReading = AsyncStream<Void>.makeStream()
            let mayEnd = DispatchSemaphore(value: 0)
            let reading = Task {
                try await store.jobs.reader.read { database in
                    _ = try Int.fetchOne(database, sql: "SELECT count(*) FROM boot")
                    isReading.continuation.finish()
                    mayEnd.wait()
                }
            }
            for await _ in isReading.stream {}
            try await store.writer.submit { try $0.execute(sql: "DELETE FROM boot WHERE version = 'mark'") }
            #expect(try await !store.upkeep.boundLog(0))
            mayEnd.signal()
            try await reading.value
            #expect(try await store.upkeep.boundLog(0))
        }
    }

    @Test func `who would get the same turn anyway is forgotten, and gets it`() async throws {
        try await withTemporaryStore { store in
            for client in ["ann", "bob", "cat"] { _ = try await store.enqueueSample(Arrival(client: client)) }
            for _ in 0..<3 { _ = try await store.enqueueSample(Arrival(client: "cat")) }
            for _ in 0..<5 { _ = try await store.claim("assimp") }
            let plans = try await turns(store)
            #expect(plans["ann"] == 0 && plans[""] ?? 0 > 0)

            #expect(try await store.upkeep.forgetShares() == 2)

            #expect(try await turns(store).keys.sorted() == ["", "cat"])
            let job = try await store.enqueueSample(Arrival(client: "ann"))
            #expect(try await store.jobs.job(job)?.turn == plans[""])
        }
    }

    @Test func `statistics change no plan that matters`() async throws {
        let plans = try await plans(after: { store in
            for _ in 0..<300 { _ = try await store.sample(in: .succeeded) }
            _ = try await store.enqueueSample()
            try await store.writer.maintain { try $0.execute(sql: "ANALYZE") }
            try await store.upkeep.optimize()
        }) { store, _ in
            _ = try await store.jobs.claim("assimp", boot: store.boot)
            _ = try await store.jobs.history(limit: 10)
            _ = try await store.jobs.history(.status(.failed), limit: 10)
            _ = try await store.jobs.promote(longest: .seconds(60))
            _ = try await store.jobs.expireResults(endedBefore: .noon)
            _ = try await store.jobs.expireSources(endedBefore: .noon)
            _ = try await store.jobs.forget(endedBefore: .noon)
        }
        #expect(plans.contains("SEARCH job USING INDEX jobReady (tool=?)"))
        #expect(plans.contains("SCAN job USING INDEX jobHistory"))
        #expect(plans.contains("SEARCH job USING INDEX jobByStatus (status=?)"))
        #expect(plans.contains("SEARCH job USING INDEX jobWaiting (dueAt>?)"))
        #expect(plans.contains { $0.hasPrefix("SEARCH artifact USING INDEX artifactKept (") })
        #expect(plans.contains { $0.hasPrefix("SEARCH artifact USING INDEX sourceKept (") })
        #expect(plans.contains("SEARCH job USING INDEX jobEnded (finishedAt>? AND finishedAt<?)"))
        #expect(plans.filter { $0.contains("TEMP B-TREE") || $0.contains("AUTOMATIC") } == [])
    }

    @Test func `what the work on queued jobs may need is what counting gives`() async throws {
        try await withTemporaryStore { store in
            let size = Int64("o box\n".utf8.count)
            #expect(try await store.jobs.load().promised == 0)
            for status in [Status.uploading, .pending, .running, .succeeded, .failed] {
                _ = try await store.sample(in: status)
            }
            #expect(try await store.jobs.load().promised == 2 * 2 * size)
            let cancelled = try await store.enqueueSample()
            #expect(try await store.jobs.load().promised == 3 * 2 * size)
            _ = try await store.jobs.cancel(cancelled, requestId: nil)
            let brief = try #require(try await store.jobs.brief(of: cancelled))
            let request = RetryRequest(
                original: brief.job, source: try #require(brief.artifact(.source)), route: RouteStep.direct,
                tool: "assimp", requestId: nil)
            _ = try await store.jobs.retry(request)
            #expect(try await store.jobs.load().promised == 3 * 2 * size)
        }
    }

    /// Some ten megabytes.
    private func fill(_ store: Store) async throws {
        try await store.writer.submit { database in
            for number in 0..<2600 {
                try database.execute(
                    sql: "INSERT INTO boot (id, version, startedAt) VALUES (?, 'mark', ?)",
                    arguments: [String(repeating: "x", count: 4000) + "\(number)", number])
            }
        }
    }

    private func pages(_ store: Store) async throws -> Int {
        try await store.jobs.reader.read { try Int.fetchOne($0, sql: "PRAGMA page_count") ?? 0 }
    }

    private func turns(_ store: Store) async throws -> [String: Int64] {
        try await store.jobs.reader.read { database in
            try Row.fetchAll(database, sql: "SELECT client, turn FROM share").reduce(into: [:]) { $0[$1[0]] = $1[1] }
        }
    }
}
