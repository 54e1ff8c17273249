import Synchronization

/// Tells those who watch a job that it has ended.
package final class Endings: Sendable {
    private let state = Mutex(State())

    private struct State {
        /// By the job, then by the ticket of each who watches it.
        var watches: [Job.ID: [Int: WeakWatch]] = [:]
        var nextTicket = 0
    }

    /// Watches the job until it ends or the watch is dropped. Take it first and look at the row then: an end in between is
    /// not missed.
    package func watch(_ job: Job.ID) -> Watch {
        state.withLock { state in
            state.nextTicket += 1
            let watch = Watch(of: job, ticket: state.nextTicket, endings: self)
            state.watches[job, default: [:]][state.nextTicket] = WeakWatch(watch: watch)
            return watch
        }
    }

    /// How many jobs are watched.
    var awaited: Int {
        state.withLock { $0.watches.count }
    }

    func announce(_ job: Job.ID) {
        let watches = state.withLock { $0.watches.removeValue(forKey: job)?.values.compactMap(\.watch) }
        watches?.forEach { $0.end() }
    }

    fileprivate func leave(_ job: Job.ID, _ ticket: Int) {
        state.withLock { state in
            state.watches[job]?[ticket] = nil
            if state.watches[job]?.isEmpty == true { state.watches[job] = nil }
        }
    }

    private struct WeakWatch {
        weak var watch: Watch?
    }

    /// Whether one job has ended since the watch was taken. For any number of threads; one of them may wait, or have
    /// something done.
    package final class Watch: Sendable {
        private let job: Job.ID
        private let ticket: Int
        private let endings: Endings
        private let state = Mutex((isOver: false, atEnd: (@Sendable () -> Void)?.none))

        fileprivate init(of job: Job.ID, ticket: Int, endings: Endings) {
            self.job = job
            self.ticket = ticket
            self.endings = endings
        }

        package var isOver: Bool { state.withLock { $0.isOver } }

        /// Has `body` done once at the job's end, be that now or never. It must be quick. Replaces what was to be done
        /// before.
        package func atEnd(_ body: @escaping @Sendable () -> Void) {
            let isOver = state.withLock { state in
                if !state.isOver { state.atEnd = body }
                return state.isOver
            }
            if isOver { body() }
        }

        /// Returns at the job's end, when the task is cancelled, or when somebody says `end`.
        package func wait() async {
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in atEnd { continuation.resume() } }
            } onCancel: {
                end()
            }
        }

        /// Does as if the job had ended, for who waits no longer.
        package func end() {
            let atEnd = state.withLock { state in
                defer { state = (true, nil) }
                return state.atEnd
            }
            atEnd?()
        }

        deinit {
            endings.leave(job, ticket)
        }
    }
}
