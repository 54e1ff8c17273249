import Synchronization

/// Tells those who watch a job that it has ended.
package final class Endings: Sendable {
    private let state = Mutex(State())

    private struct State {
        /// By the job, then by the ticket of each who watches it.
        var watches: [Job.ID: [Int: WeakWatch]] = [:]
        var nextTicket = 0
        /// Those that were accepted by this process and have not ended.
        var live: Set<Job.ID> = []
    }

    /// Watches the job until it ends or the watch is dropped. Take it first and look at the row then: an end in between is
    /// not missed.
    ///
    /// - Parameter isCurious: whether the watch is to have the job's dossier when it ends.
    package func watch(_ job: Job.ID, isCurious: Bool = false) -> Watch {
        state.withLock { state in
            state.nextTicket += 1
            let watch = Watch(of: job, ticket: state.nextTicket, endings: self)
            state.watches[job, default: [:]][state.nextTicket] = WeakWatch(watch: watch, isCurious: isCurious)
            return watch
        }
    }

    /// Whether the job is known to be under way: then who watches it will be told of its end. `false`: its row can tell.
    package func isLive(_ job: Job.ID) -> Bool {
        state.withLock { $0.live.contains(job) }
    }

    /// The job is accepted, as soon as the transaction that does so is committed.
    func begin(_ job: Job.ID) {
        state.withLock { _ = $0.live.insert(job) }
    }

    /// It was not.
    func forget(_ job: Job.ID) {
        state.withLock { _ = $0.live.remove(job) }
    }

    /// Whether somebody is to have the job's dossier.
    func areCurious(about job: Job.ID) -> Bool {
        state.withLock { $0.watches[job]?.values.contains(where: \.isCurious) ?? false }
    }

    /// How many jobs are watched.
    var awaited: Int {
        state.withLock { $0.watches.count }
    }

    /// - Parameter dossier: for those who are curious, where it is known.
    func announce(_ job: Job.ID, _ dossier: Dossier? = nil) {
        let watches = state.withLock { state in
            state.live.remove(job)
            return state.watches.removeValue(forKey: job)?.values.compactMap(\.watch)
        }
        watches?.forEach { $0.end(with: dossier) }
    }

    fileprivate func leave(_ job: Job.ID, _ ticket: Int) {
        state.withLock { state in
            state.watches[job]?[ticket] = nil
            if state.watches[job]?.isEmpty == true { state.watches[job] = nil }
        }
    }

    private struct WeakWatch {
        weak var watch: Watch?
        let isCurious: Bool
    }

    /// Whether one job has ended since the watch was taken. For any number of threads; one of them may wait, or have
    /// something done.
    package final class Watch: Sendable {
        private let job: Job.ID
        private let ticket: Int
        private let endings: Endings
        private let state = Mutex(State())

        private struct State {
            var isOver = false
            var atEnd: (@Sendable () -> Void)?
            var dossier: Dossier?
        }

        fileprivate init(of job: Job.ID, ticket: Int, endings: Endings) {
            self.job = job
            self.ticket = ticket
            self.endings = endings
        }

        package var isOver: Bool { state.withLock { $0.isOver } }

        /// Of a job that has ended, for who was curious; `nil` where its attempt did not end it, or nobody did yet.
        package var dossier: Dossier? { state.withLock { $0.dossier } }

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
            end(with: nil)
        }

        fileprivate func end(with dossier: Dossier?) {
            let atEnd = state.withLock { state in
                defer { state = State(isOver: true, dossier: dossier ?? state.dossier) }
                return state.atEnd
            }
            atEnd?()
        }

        deinit {
            endings.leave(job, ticket)
        }
    }
}
