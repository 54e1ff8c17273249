import TestSupport
import Testing

@testable import Persistence

/// The trail as auditors read it.
struct AuditRecordTests {
    @Test func `the end of a run is told with its tool, its cost and both files`() async throws {
        try await withTemporaryStore { store in
            let claim = try await store.claimSample()
            var run = RunRecord()
            run.toolVersion = "5.2.5"
            run.arguments = ["assimp", "export"]
            run.exitCode = 0
            run.cpuSeconds = 0.5
            run.peakMemoryBytes = 12_000_000
            let output = try await store.output(of: claim)
            let verdict = try await store.jobs.finish(claim, as: .succeeded(output, warnings: []), run: run)
            try #require(verdict == .committed)

            let records = try await store.audit.trail.records(limit: 10)

            let last = try #require(records.last)
            #expect(records.count == 4 && last.event.toStatus == .succeeded)
            #expect(last.attempt?.toolVersion == "5.2.5" && last.attempt?.arguments == ["assimp", "export"])
            #expect(last.attempt?.cpuSeconds == 0.5 && last.attempt?.peakMemoryBytes == 12_000_000)
            #expect(last.result?.sha256 == output.blob.sha256)
            #expect(last.source?.sha256?.count == 64)
            #expect(records.dropLast().allSatisfy { $0.attempt == nil && $0.result == nil })
        }
    }

    @Test func `pages go on where the last one ended`() async throws {
        try await withTemporaryStore { store in
            for _ in 0..<5 { _ = try await store.jobs.receive(.sample()) }
            let first = try await store.audit.trail.records(limit: 3).map(\.event.id)
            let second = try await store.audit.trail.records(after: 3, limit: 3).map(\.event.id)
            #expect(first == [1, 2, 3] && second == [4, 5])
        }
    }

    @Test(arguments: [true, false])
    func `from is included and to is not, sealed or not`(isSealed: Bool) async throws {
        try await withTemporaryStore { store in
            for second in 0..<6 { _ = try await store.jobs.receive(.sample(), now: .noon + .seconds(second)) }
            var audit = store.audit
            audit.segmentSize = 2
            if isSealed { try await audit.seal(atMost: 2) }
            let filter = AuditFilter(from: .noon + .seconds(2), to: .noon + .seconds(5))
            #expect(try await audit.trail.records(filter, limit: 100).map(\.event.id) == [3, 4, 5])
        }
    }

    @Test func `one subject can be asked for`() async throws {
        try await withTemporaryStore { store in
            _ = try await store.jobs.receive(.sample())
            try await store.pauses.pause("blender", requestId: nil)
            let filter = AuditFilter(subject: .init(kind: "tool", id: "blender"))
            #expect(try await store.audit.trail.records(filter, limit: 100).map(\.event.reason) == ["paused"])
        }
    }

    @Test func `a job's provenance names the boots of its attempts`() async throws {
        try await withTemporaryStore { store in
            try await store.jobs.note(sandbox: "landlock", of: store.boot)
            let claim = try await store.claimSample()
            try await store.finish(claim, as: .failed(Failure(.crashed, "It crashed.")))
            let provenance = try #require(try await store.jobs.provenance(of: claim.job.id))
            let boot = try #require(provenance.boot(of: provenance.dossier.attempts[0]))
            #expect(boot.version == "test" && boot.sandbox == "landlock")
        }
    }

    @Test(
        arguments: [
            ("2026-06-15", -43_200_000), ("2026-06-15T12:00:00Z", 0), ("2026-06-15T12:00:00.25Z", 250),
            ("2026-06-15T13:30:00+01:30", 0), ("2026-06-15t07:00:00-05:00", 0),
        ] as [(String, Int64)])
    func `a time is read as RFC 3339 has it`(text: String, offset: Int64) {
        #expect(Instant(text)?.rawValue == Instant.noon.rawValue + offset)
    }

    @Test(arguments: [
        "", "2026", "2026-06-31", "2026-13-01", "2026-06-15T12:00", "2026-06-15T24:00:00Z", "noon", "2026-06-15Z",
    ])
    func `what is no time is not read`(text: String) {
        #expect(Instant(text) == nil)
    }
}
