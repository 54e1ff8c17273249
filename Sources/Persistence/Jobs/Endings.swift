import Synchronization

/// Tells those who wait for a job that it has ended.
package final class Endings: Sendable {
    private let state = Mutex(State())

    private struct State {
        var waiting: [Job.ID: [Int: AsyncStream<Never>.Continuation]] = [:]
        var nextTicket = 0
    }

    /// A stream that finishes when the job ends. Take it first and look at the row then: an end in between is not missed.
    package func stream(of job: Job.ID) -> AsyncStream<Never> {
        let (stream, continuation) = AsyncStream<Never>.makeStream()
        let ticket = state.withLock { state in
            state.nextTicket += 1
            state.waiting[job, default: [:]][state.nextTicket] = continuation
            return state.nextTicket
        }
        continuation.onTermination = { [weak self] _ in self?.leave(job, ticket) }
        return stream
    }

    /// How many jobs are waited for.
    var awaited: Int {
        state.withLock { $0.waiting.count }
    }

    func announce(_ job: Job.ID) {
        let continuations = state.withLock { $0.waiting.removeValue(forKey: job) }
        continuations?.values.forEach { $0.finish() }
    }

    private func leave(_ job: Job.ID, _ ticket: Int) {
        state.withLock { state in
            state.waiting[job]?[ticket] = nil
            if state.waiting[job]?.isEmpty == true { state.waiting[job] = nil }
        }
    }
}
