import Persistence
import TestSupport
import Testing

@testable import Pipeline

/// A tool that stands still because an operator wants it.
@Suite(.enabled(if: Machine.hasSandbox, "\(Machine.withoutSandbox)"), .timeLimit(.minutes(10)))
struct PauseTests {
    private static let waiting = FakeTool("forge", limit: 2, does: .waits.then(.makes(Samples.stl())))

    @Test func `what runs ends, nothing more starts, and all goes on when it is resumed`() async throws {
        try await withWorkbench(Self.waiting) { bench in
            let first = try await bench.upload()
            try await bench.start(of: first)
            let state = try #require(try await bench.control.pause("forge", requestId: nil))
            #expect(state.pausedAt != nil && state.running == 1)
            let second = try await bench.upload()
            try bench.letGo(first)
            #expect(try await bench.end(of: first).job.status == .succeeded)
            try await eventually(within: Machine.patience) { bench.permits.inUse == ["forge": 0] }
            #expect(try await bench.store.jobs.job(second)?.status == .pending)
            #expect(try await bench.control.tools().map(\.line.ready) == [1])

            let resumed = try #require(try await bench.control.resume("forge", requestId: nil))
            #expect(resumed.pausedAt == nil)
            try await bench.start(of: second)
            try bench.letGo(second)
            #expect(try await bench.end(of: second).job.status == .succeeded)
        }
    }

    @Test func `a tool that nobody knows cannot be paused`() async throws {
        try await withWorkbench(Self.waiting) { bench in
            let paused = try await bench.control.pause("press", requestId: nil)
            let resumed = try await bench.control.resume("press", requestId: nil)
            let all = try await bench.store.pauses.all()
            #expect(paused == nil && resumed == nil && all == [:])
        }
    }

    @Test func `many failed jobs are repeated at once, as far as the queue has room`() async throws {
        let broken = FakeTool("forge", does: .dies(of: "SEGV"))
        try await withWorkbench(broken, limits: .init(queue: 4)) { bench in
            var failed: Set<Job.ID> = []
            for _ in 0..<6 { failed.insert(try await bench.convert().job.id) }
            _ = try await bench.control.pause("forge", requestId: nil)

            let first = try await bench.control.retryAll(nil, requestId: nil)
            #expect(first.retried == 4 && first.refused == 0 && !first.isComplete)

            let full = try await bench.control.retryAll(.crashed, requestId: nil)
            #expect(full.retried == 0 && !full.isComplete)
            let repeated = try await bench.store.jobs.history(.status(.pending), limit: 9).map(\.job.retryOf)
            #expect(repeated.count == 4 && Set(repeated).isSubset(of: failed.map(Optional.some)))
            #expect(try await bench.store.jobs.history(.deadLetters, limit: 9).count == 2)
        }
    }
}
