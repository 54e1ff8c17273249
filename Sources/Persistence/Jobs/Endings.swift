import Synchronization

/// Tells those who wait for a job that it has ended.
package final class Endings: Sendable {
    private let state = Mutex(State())

    private struct State {
        /// What is to be done at the end of each job.
        var waiting: [Job.ID: [Int: @Sendable () -> Void]] = [:]
        var nextTicket = 0
    }

    /// A stream that finishes when the job ends. Take it first and look at the row then: an end in between is not missed.
    package func stream(of job: Job.ID) -> AsyncStream<Never> {
        let (stream, continuation) = AsyncStream<Never>.makeStream()
        let ticket = enter(job) { continuation.finish() }
        continuation.onTermination = { [weak self] _ in self?.leave(job, ticket) }
        return stream
    }

    /// The same for one who only looks now and then.
    package func mark(of job: Job.ID) -> Mark {
        let mark = Mark(endings: self, job: job)
        mark.ticket.withLock { $0 = enter(job) { [weak mark] in mark?.set() } }
        return mark
    }

    /// Whether a job has ended since the mark was taken.
    package final class Mark: Sendable {
        private let endings: Endings
        private let job: Job.ID
        private let isOver = Atomic(false)
        fileprivate let ticket = Mutex(0)

        fileprivate init(endings: Endings, job: Job.ID) {
            self.endings = endings
            self.job = job
        }

        package var isSet: Bool { isOver.load(ordering: .relaxed) }

        fileprivate func set() {
            isOver.store(true, ordering: .relaxed)
        }

        deinit {
            endings.leave(job, ticket.withLock { $0 })
        }
    }

    /// How many jobs are waited for.
    var awaited: Int {
        state.withLock { $0.waiting.count }
    }

    func announce(_ job: Job.ID) {
        let waiting = state.withLock { $0.waiting.removeValue(forKey: job) }
        waiting?.values.forEach { $0() }
    }

    private func enter(_ job: Job.ID, _ atEnd: @escaping @Sendable () -> Void) -> Int {
        state.withLock { state in
            state.nextTicket += 1
            state.waiting[job, default: [:]][state.nextTicket] = atEnd
            return state.nextTicket
        }
    }

    fileprivate func leave(_ job: Job.ID, _ ticket: Int) {
        state.withLock { state in
            state.waiting[job]?[ticket] = nil
            if state.waiting[job]?.isEmpty == true { state.waiting[job] = nil }
        }
    }
}
