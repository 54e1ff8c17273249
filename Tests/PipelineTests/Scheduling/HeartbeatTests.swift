import Persistence
import Synchronization
import TestSupport
import Testing

@testable import Pipeline

/// Whether a stuck scheduler is told from one that sleeps, or waits for others.
@Suite(.timeLimit(.minutes(5)))
struct HeartbeatTests {
    private let start = ContinuousClock.now

    @Test func `who does not come round for longer than patience lasts is stuck`() {
        let heartbeat = Heartbeat(Doorbell(), patience: .seconds(10))
        heartbeat.beat()
        #expect(heartbeat.isFelt(now: start))
        #expect(heartbeat.isFelt(now: start + .seconds(9)))
        #expect(!heartbeat.isFelt(now: start + .seconds(11)))
        heartbeat.beat()
        #expect(heartbeat.isFelt(now: start + .seconds(12)))
    }

    @Test func `who sleeps because nobody rings is not stuck`() {
        let heartbeat = Heartbeat(Doorbell(), patience: .seconds(10))
        heartbeat.beat()
        #expect(heartbeat.isFelt(now: start + .seconds(100_000)))
    }

    @Test func `time with the database does not count`() async {
        let heartbeat = Heartbeat(Doorbell(), patience: .seconds(10))
        heartbeat.beat()
        _ = heartbeat.isFelt(now: start)
        await heartbeat.excused { #expect(heartbeat.isFelt(now: start + .seconds(600))) }
        #expect(heartbeat.isFelt(now: start + .seconds(601)))
    }

    @Test func `who was asked to stop, or has not begun, is not stuck`() {
        let heartbeat = Heartbeat(Doorbell(), patience: .seconds(10))
        _ = heartbeat.isFelt(now: start)
        #expect(heartbeat.isFelt(now: start + .seconds(600)))
        heartbeat.beat()
        _ = heartbeat.isFelt(now: start)
        heartbeat.stop()
        #expect(heartbeat.isFelt(now: start + .seconds(600)))
    }

    @Test(.enabled(if: Machine.hasSandbox))
    func `a scheduler answers who asks, also while all of its tools are paused`() async throws {
        try await withWorkbench(FakeTool("fake", does: .copies)) { bench in
            _ = try await bench.control.pause("fake", requestId: nil)
            try await bench.upload()
            let heartbeat = bench.scheduler.heartbeat
            // Asked long ago, as it were: only an answer makes it felt again.
            _ = heartbeat.isFelt(now: .now - .seconds(3600))
            try await eventually { heartbeat.isFelt() }
        }
    }
}
