import Logging
import NIOCore
import Pipeline

/// Feels at regular times whether connections are served and the scheduler comes round; whoever waits for a sign of life
/// gets one only then.
struct Pulse: Sendable {
    let period: Duration
    let loops: any EventLoopGroup
    let scheduler: Heartbeat
    let logger: Logger
    let onBeat: @Sendable () -> Void

    /// Until it is cancelled. It must not run on the loops that it feels.
    func run() async {
        var isStuck = false
        while true {
            do {
                try await Task.sleep(for: period, clock: .continuous)
            } catch {
                return
            }
            await loopsAnswer()
            let answers = scheduler.isFelt()
            if answers { onBeat() }
            if !answers, !isStuck { logger.error("the scheduler does not come round") }
            isStuck = !answers
        }
    }

    /// One that is stuck never does.
    private func loopsAnswer() async {
        for loop in loops.makeIterator() {
            // Fails only when the loop has ended, and with it the server.
            try? await loop.submit {}.get()
        }
    }
}
