import GRDB

// Jobs that wait for a tool which is not there any more: the one kind of waiting that nothing would ever end.

extension JobStore {
    /// Pending jobs whose tool is none of these, ready and waiting ones alike. Looks at every pending row.
    package func stranded(without tools: Set<String>) async throws -> [Job] {
        try await reader.read { database in
            let ready = try String.fetchAll(
                database, sql: "SELECT DISTINCT tool FROM job WHERE status = 'pending' AND dueAt IS NULL")
            let jobs = try Set(ready).subtracting(tools).sorted().flatMap { tool in
                try database.all(
                    Job.self,
                    "SELECT * FROM job WHERE tool = :tool AND status = 'pending' AND dueAt IS NULL ORDER BY id",
                    ["tool": tool])
            }
            let waiting = try database.all(
                Job.self, "SELECT * FROM job WHERE status = 'pending' AND dueAt IS NOT NULL")
            return jobs + waiting.filter { !tools.contains($0.tool ?? "") }
        }
    }

    /// Gives a pending job to another converter of its step. Not a transition, and yet an event. Lost when the job has
    /// moved on meanwhile.
    @discardableResult
    package func reassign(_ job: Job, to place: Place, now: Instant = .now) async throws -> Verdict {
        try await writer.submit { database in
            let isTaken = try database.run(
                """
                UPDATE job SET choice = :choice, tool = :tool, failures = 0, crashes = 0, dueAt = NULL,
                               reason = 'toolMissing', changedAt = :now
                 WHERE id = :id AND status = 'pending' AND attempt = :attempt AND tool IS :old
                """,
                [
                    "id": job.id, "attempt": job.attempt, "old": job.tool, "choice": place.choice, "tool": place.tool,
                    "now": now,
                ])
            guard isTaken == 1 else { return .lost }
            try database.lineUp(job, for: place.tool)
            try database.run(
                """
                INSERT INTO event (at, subjectKind, subjectId, fromStatus, toStatus, attempt, client, reason)
                VALUES (:now, 'job', :id, 'pending', 'pending', nullif(:attempt, 0), :client, 'toolMissing')
                """, ["id": job.id, "attempt": job.attempt, "client": job.client, "now": now])
            return .committed
        }
    }

    /// `pending → failed`: there is no way on for the job. Lost when it has moved on meanwhile.
    @discardableResult
    package func abandon(_ job: Job, _ failure: Failure, now: Instant = .now) async throws -> Verdict {
        let isTaken = try await writer.submit { database in
            try database.run(
                """
                UPDATE job SET status = 'failed', failureCode = :code, failureMessage = :message, reason = :code,
                               retryable = :retryable AND kind = 'conversion', dueAt = NULL, changedAt = :now, finishedAt = :now
                 WHERE id = :id AND status = 'pending' AND attempt = :attempt AND tool IS :old
                """,
                [
                    "id": job.id, "attempt": job.attempt, "old": job.tool, "code": failure.code,
                    "message": failure.message, "retryable": failure.code.isCircumstance, "now": now,
                ]) == 1
        }
        if isTaken { endings.announce(job.id) }
        return isTaken ? .committed : .lost
    }
}
