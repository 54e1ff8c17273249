import Logging
import Persistence
import Synchronization
import TestSupport
import Testing

@testable import Pipeline

/// What who keeps figures is told.
struct MilestoneTests {
    @Test func `the wait for a tool is told with a step's first claim alone`() async throws {
        try await withTemporaryStore { store in
            _ = try await store.enqueueSample(now: .noon)
            let first = try #require(
                try await store.jobs.claim("assimp", boot: store.boot, now: .noon + .seconds(3)))
            guard case .claimed(let wait) = try #require(Milestone(first)) else { throw Untold() }
            #expect(wait == .seconds(3))
            _ = try await store.jobs.finish(first, as: .released, run: RunRecord())
            let second = try #require(try await store.jobs.claim("assimp", boot: store.boot))
            #expect(Milestone(second) == nil)
        }
    }

    @Test func `a run tells its converter, formats, times and memory`() async throws {
        try await withTemporaryStore { store in
            let claim = try await store.claimSample(now: .noon)
            var record = RunRecord()
            record.peakMemoryBytes = 12_345
            let told = Mutex<[Milestone]>([])
            let telemetry = Telemetry(Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }) { milestone in
                told.withLock { $0.append(milestone) }
            }
            telemetry.ended(
                claim, .failed(Failure(.toolFailed, "No.")), record, now: .noon + .milliseconds(1500))
            let first = told.withLock(\.first)
            guard case .ended(let run) = try #require(first) else { throw Untold() }
            #expect([run.converter, run.tool, run.from, run.to] == ["assimp", "assimp", "obj", "glb"])
            #expect(run.outcome == .failed && run.duration == .milliseconds(1500) && run.job == .milliseconds(1500))
            #expect(run.peakMemoryBytes == 12_345)
        }
    }

    @Test func `a job that goes on has no duration yet`() async throws {
        try await withTemporaryStore { store in
            let claim = try await store.claimSample()
            #expect(Milestone.Run(claim, .released, RunRecord(), now: .now).job == nil)
        }
    }
}

/// Nothing was told where something should have been.
private struct Untold: Error {}
