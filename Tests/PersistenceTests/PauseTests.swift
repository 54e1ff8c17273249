import GRDB
import TestSupport
import Testing

@testable import Persistence

/// Tools that stand still, and those who wait for them.
struct PauseTests {
    @Test func `a pause is kept over restarts until the tool is resumed`() async throws {
        try await withTemporaryFolder { folder in
            try await withStore(in: folder) { try await $0.pauses.pause("blender", requestId: nil, now: .noon) }
            try await withStore(in: folder) { store in
                #expect(try await store.pauses.all() == ["blender": .noon])
                try await store.pauses.resume("blender", requestId: nil)
                #expect(try await store.pauses.all() == [:])
            }
        }
    }

    @Test func `each change leaves one event, and what changes nothing leaves none`() async throws {
        try await withTemporaryStore { store in
            for _ in 0..<2 { try await store.pauses.pause("blender", requestId: "request-3", now: .noon) }
            for _ in 0..<2 { try await store.pauses.resume("blender", requestId: "request-4", now: .noon) }

            let events = try await store.jobs.reader.read {
                try $0.all(Event.self, "SELECT * FROM event WHERE subjectKind = 'tool' ORDER BY id")
            }
            #expect(events.map(\.reason) == ["paused", "resumed"])
            #expect(events.map(\.requestId) == ["request-3", "request-4"])
            #expect(events.allSatisfy { $0.subjectId == "blender" && $0.client == "operator" && $0.at == .noon })
        }
    }

    @Test func `a second pause keeps the time of the first`() async throws {
        try await withTemporaryStore { store in
            try await store.pauses.pause("blender", requestId: nil, now: .noon)
            try await store.pauses.pause("blender", requestId: nil, now: .noon + .seconds(9))
            #expect(try await store.pauses.all() == ["blender": .noon])
        }
    }

    @Test func `those who wait are counted by tool, ready and waiting ones apart`() async throws {
        try await withTemporaryStore { store in
            _ = try await store.claimSample()
            for _ in 0..<2 { _ = try await store.enqueueSample() }
            try await store.change(store.enqueueSample(), "dueAt = 5")
            try await store.change(store.enqueueSample(tool: "blender"), "dueAt = 5")

            let lines = try await store.jobs.lines()

            #expect([lines["assimp"]?.ready, lines["assimp"]?.waiting] == [2, 1])
            #expect([lines["blender"]?.ready, lines["blender"]?.waiting] == [0, 1])
        }
    }

    @Test func `failed jobs of one code are found until they are repeated`() async throws {
        try await withTemporaryStore { store in
            var jobs: [Job.ID] = []
            for code in [Failure.Code.toolFailed, .crashed, .toolFailed] {
                let claim = try await store.claimSample()
                try await store.finish(claim, as: .failed(Failure(code, "No.")))
                jobs.append(claim.job.id)
            }
            let filter = HistoryFilter.failed(.toolFailed)
            let found = try await store.jobs.history(filter, limit: 9)
            #expect(found.map(\.job.id) == [jobs[2], jobs[0]])

            let source = try #require(found[0].artifact(.source))
            _ = try await store.jobs.retry(
                RetryRequest(
                    original: found[0].job, source: source, route: RouteStep.direct, tool: "assimp", requestId: nil))

            #expect(try await store.jobs.history(filter, limit: 9).map(\.job.id) == [jobs[0]])
        }
    }

    @Test func `whether a job was repeated is looked up by its id`() async throws {
        let plans = try await plans(after: { _ in }) { store, _ in
            _ = try await store.jobs.history(.failed(.crashed), limit: 9)
        }
        #expect(plans.first == "SEARCH job USING INDEX jobByStatus (status=?)")
        #expect(plans.contains("SEARCH retry USING COVERING INDEX jobRetries (retryOf=?)"), "\(plans)")
    }
}
