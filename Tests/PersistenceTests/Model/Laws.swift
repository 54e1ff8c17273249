import Testing

@testable import Persistence

/// What must hold after every step. The history tells how it came to this.
struct Laws {
    let rows: Rows
    let world: World
    let history: () -> String

    /// In every state.
    func hold() {
        for row in rows.jobs {
            let (job, running) = (row.job, row.attempts.filter { $0.outcome == .running })
            expect(row.results == (job.status == .succeeded ? 1 : 0), "a result exactly where there is success", job)
            expect(row.intermediates == job.step, "a file for every step that is done", job)
            expect(running.map(\.number) == (job.status == .running ? [job.attempt] : []), "one running attempt", job)
            expect(running.allSatisfy { $0.boot == job.claimedBy }, "the attempt is its claimer's", job)
            expect((job.claimedBy != nil) == (job.status == .running), "claimed exactly while it runs", job)
            expect(row.attempts.map(\.number) == Array(1..<(job.attempt + 1)), "every attempt has its row", job)
            expect(row.attempts.allSatisfy { ($0.finishedAt == nil) == ($0.outcome == .running) }, "ended in time", job)
            expect((job.finishedAt != nil) == job.status.isFinal, "finished exactly at its end", job)
            let valid = world.hands.filter { $0?.job.id == job.id && $0?.number == job.attempt }
            expect(valid.count <= 1, "one worker at most", job)
            expect(job.status != .running || world.phase == .down || valid.count == 1, "somebody runs it", job)
        }
        for number in world.acknowledged {
            expect(world.jobs[number].flatMap { rows[$0] } != nil, "what was acknowledged is there", nil)
        }
        let counted = Dictionary(grouping: rows.jobs, by: \.job.status).mapValues(\.count)
        expect(rows.census == counted, "the tally is right", nil)
    }

    /// From one state to the next.
    ///
    /// - Parameter ends: the events of the step that say that a job has ended, by its id.
    func hold(since before: Rows, ends: [String]) {
        let ended = rows.jobs.filter { $0.job.status.isFinal && before[$0.job.id]?.job.status.isFinal != true }
        expect(ended.map(\.job.id.rawValue).sorted() == ends.sorted(), "exactly one committed outcome", nil)
        for old in before.jobs {
            guard let new = rows[old.job.id] else {
                expect(false, "no row goes away", old.job)
                continue
            }
            expect(new.job.attempt >= old.job.attempt, "numbers of attempts only rise", new.job)
            expect(!old.job.status.isFinal || new.job.status == old.job.status, "final stays final", new.job)
            for (one, other) in zip(old.attempts, new.attempts) where one.outcome != .running {
                expect(
                    one.outcome == other.outcome && one.finishedAt == other.finishedAt, "what has ended stays as it is",
                    new.job)
            }
        }
    }

    private func expect(_ holds: Bool, _ law: String, _ job: Job?) {
        guard !holds else { return }
        Issue.record("\(law): broken by \(history())\n\(job.map { String(reflecting: $0) } ?? "")")
    }
}
