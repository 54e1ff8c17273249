import GRDB
import TestSupport
import Testing

@testable import Persistence

struct QueryPlanTests {
    @Test func `a claim goes straight to the first ready row of its tool`() async throws {
        let plans = try await plans(after: { try await $0.enqueueSample() }) { store, _ in
            _ = try await store.jobs.claim("assimp", boot: store.boot)
        }
        #expect(plans.contains("SEARCH job USING INDEX jobReady (tool=?)"))
        #expect(plans.contains("SEARCH artifact USING INDEX artifactOfJob (jobId=?)"))
        expectNoDetours(plans)
    }

    @Test func `a result that is there already is looked for along its index`() async throws {
        let plans = try await plans(after: { try await $0.enqueueSample() }) { store, _ in
            let (id, _) = try await store.jobs.receive(.sample())
            let source = try await store.keep("o box\n", for: id, as: .source(of: id))
            let reuse = Reuse(mayTake: true, version: "1", toolVersions: [:], filenames: [:])
            _ = try await store.jobs.enqueue(id, .sample(source, reuse: reuse))
        }
        #expect(plans.contains("SEARCH job USING INDEX jobReusable (cacheKey=?)"))
    }

    @Test func `the first page of the history is read along its index`() async throws {
        let plans = try await plans(after: { try await $0.enqueueSample() }) { store, _ in
            _ = try await store.jobs.history(limit: 10)
        }
        #expect(plans.first == "SCAN job USING INDEX jobHistory")
        expectNoDetours(plans)
    }

    @Test func `a later page of the history begins where the one before it ended`() async throws {
        let plans = try await plans(after: { try await $0.enqueueSample() }) { store, job in
            _ = try await store.jobs.history(after: HistoryCursor(createdAt: .noon, id: job), limit: 10)
        }
        #expect(plans.first == "SEARCH job USING INDEX jobHistory ((createdAt,id)<(?,?))")
        expectNoDetours(plans)
    }

    @Test(arguments: Status.allCases)
    func `the history of one status has an index of its own`(status: Status) async throws {
        let plans = try await plans(after: { try await $0.enqueueSample() }) { store, job in
            _ = try await store.jobs.history(.status(status), limit: 10)
            _ = try await store.jobs.history(
                .status(status), after: HistoryCursor(createdAt: .noon, id: job), limit: 10)
        }
        #expect(plans.first == "SEARCH job USING INDEX jobByStatus (status=?)")
        #expect(plans.contains("SEARCH job USING INDEX jobByStatus (status=? AND (createdAt,id)<(?,?))"))
        expectNoDetours(plans)
    }

    @Test func `leftovers are found among what was in flight, whatever else there is`() async throws {
        let plans = try await plans(after: { try await $0.enqueueSample() }) { store, _ in
            _ = try await store.jobs.leftovers(of: store.boot)
        }
        #expect(plans == ["SCAN job USING INDEX jobUploading", "SCAN job USING INDEX jobRunning"])
    }

    @Test func `a job is read with its attempts, artifacts and events by their keys`() async throws {
        let plans = try await plans(after: { try await $0.enqueueSample() }) { store, job in
            _ = try await store.jobs.dossier(of: job)
            _ = try await store.jobs.events(of: job)
        }
        #expect(plans.contains("SEARCH attempt USING PRIMARY KEY (jobId=?)"))
        #expect(plans.contains("SEARCH artifact USING INDEX artifactOfJob (jobId=?)"))
        #expect(plans.contains("SEARCH event USING INDEX eventOfSubject (subjectKind=? AND subjectId=?)"))
        expectNoDetours(plans)
    }

    @Test func `an upload's way in scans nothing`() async throws {
        let plans = try await plans(after: { _ in }) { store, _ in
            _ = try await store.enqueueSample()
            let (job, _) = try await store.jobs.receive(.sample())
            try await store.jobs.refuse(job, Failure(.rejected, "No."))
        }
        #expect(!plans.isEmpty)
        expectNoDetours(plans)
    }

    @Test func `an ending scans nothing, whatever it is`() async throws {
        let failure = Failure(.toolFailed, "It did not work.")
        let plans = try await plans(after: { try await $0.claimSample() }) { store, first in
            _ = try await store.jobs.finish(first, as: .released, run: RunRecord())
            for ending in [Ending.fellBack(failure, to: Place(choice: 1, tool: "assimp")), .failed(failure)] {
                let claim = try #require(try await store.jobs.claim("assimp", boot: store.boot))
                _ = try await store.jobs.finish(claim, as: ending, run: RunRecord())
            }
            let last = try await store.claimSample()
            let output = try await store.output(of: last)
            _ = try await store.jobs.finish(last, as: .succeeded(output, warnings: []), run: RunRecord())
        }
        #expect(!plans.isEmpty)
        expectNoDetours(plans)
    }

    @Test(arguments: [
        ("SELECT min(dueAt) FROM job WHERE status = 'pending' AND dueAt IS NOT NULL", "jobWaiting (dueAt>?)"),
        (
            "SELECT id FROM job WHERE status = 'pending' AND dueAt IS NOT NULL AND dueAt <= :now",
            "jobWaiting (dueAt>? AND dueAt<?)"
        ),
        (
            """
            SELECT id FROM job WHERE finishedAt IS NOT NULL AND finishedAt < :before
             ORDER BY finishedAt LIMIT 100
            """, "jobEnded (finishedAt>? AND finishedAt<?)"
        ),
    ])
    func `what is due and what expires is found without looking at the rest`(sql: String, index: String) async throws {
        try await withTemporaryStore { store in
            let lines = try await store.jobs.reader.read { try plan(of: sql, in: $0) }
            #expect(lines == ["SEARCH job USING INDEX \(index)"])
        }
    }

    /// No table is read from end to end and nothing is sorted; walking along an index is what pages do.
    private func expectNoDetours(_ plans: [String], sourceLocation: SourceLocation = #_sourceLocation) {
        let detours = plans.filter { plan in
            plan.contains("TEMP B-TREE") || plan.contains("AUTOMATIC")
                || plan.hasPrefix("SCAN") && plan != "SCAN job USING INDEX jobHistory"
        }
        #expect(detours == [], sourceLocation: sourceLocation)
    }
}
