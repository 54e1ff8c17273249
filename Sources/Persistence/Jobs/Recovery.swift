import GRDB

/// What an earlier life of the server left behind, found by its boot and not by its age.
package struct Leftovers: Sendable {
    /// Uploads that were arriving: their rows have failed, their bytes may lie in staging or under the source's key.
    package let uploads: [Job.ID]
    /// Attempts that were running: their tools may still run, their output may lie under the attempt's keys.
    package let attempts: [InterruptedAttempt]
}

package struct InterruptedAttempt: Sendable {
    package let job: Job.ID
    package let number: Int
}

extension JobStore {
    /// How many crashes of the server during one step a job survives before it is suspected of being their cause.
    package static let crashLimit = 3

    /// Begins a life of the server.
    func begin(_ boot: Boot.ID, version: String, now: Instant) async throws {
        try await writer.submit { database in
            try database.run(
                "INSERT INTO boot (id, version, startedAt) VALUES (:id, :version, :now)",
                ["id": boot, "version": version, "now": now])
        }
    }

    /// Notes what keeps tools in during it.
    package func note(sandbox: String, of boot: Boot.ID) async throws {
        try await writer.submit { database in
            try database.run("UPDATE boot SET sandbox = :sandbox WHERE id = :id", ["id": boot, "sandbox": sandbox])
        }
    }

    /// Ends it politely.
    package func end(_ boot: Boot.ID, now: Instant = .now) async throws {
        try await writer.submit { database in
            try database.run("UPDATE boot SET stoppedAt = :now WHERE id = :id", ["id": boot, "now": now])
        }
    }

    /// What earlier boots left in flight. Changes nothing: kill the processes first, then `recover`.
    package func leftovers(of boot: Boot.ID) async throws -> Leftovers {
        try await reader.read { database in
            let uploads = try database.all(Job.self, "SELECT * FROM job WHERE status = 'uploading'")
            let jobs = try database.all(
                Job.self, "SELECT * FROM job WHERE status = 'running' AND claimedBy <> :boot", ["boot": boot])
            return Leftovers(
                uploads: uploads.map(\.id),
                attempts: jobs.map { InterruptedAttempt(job: $0.id, number: $0.attempt) })
        }
    }

    /// `uploading → failed` and `running → pending | failed` for all of them, in one transaction.
    ///
    /// Each interrupted job is charged one crash; at `crashLimit` it fails as `interrupted`, because a file that kills the
    /// server must not do so for ever.
    package func recover(_ leftovers: Leftovers, boot: Boot.ID, now: Instant = .now) async throws {
        try await writer.submit { database in
            for upload in leftovers.uploads {
                try database.run(
                    """
                    UPDATE job SET status = 'failed', failureCode = 'uploadAborted', reason = 'uploadAborted',
                                   failureMessage = 'The server stopped before the upload was complete. Send it again.',
                                   changedAt = :now, finishedAt = :now
                     WHERE id = :id AND status = 'uploading'
                    """, ["id": upload, "now": now])
            }
            for attempt in leftovers.attempts {
                try database.recover(attempt, boot: boot, now: now)
            }
        }
    }
}

extension Database {
    fileprivate func recover(_ attempt: InterruptedAttempt, boot: Boot.ID, now: Instant) throws {
        try run(
            """
            UPDATE attempt SET outcome = 'interrupted', failureCode = 'interrupted', finishedAt = :now,
                               failureMessage = 'The server ended while the tool was running.'
             WHERE jobId = :job AND number = :number AND outcome = 'running'
            """, ["job": attempt.job, "number": attempt.number, "now": now])
        let guardedBy = "WHERE id = :id AND status = 'running' AND attempt = :number AND claimedBy <> :boot"
        let arguments: StatementArguments = [
            "id": attempt.job, "number": attempt.number, "boot": boot, "limit": JobStore.crashLimit, "now": now,
        ]
        try run(
            """
            UPDATE job SET status = 'failed', claimedBy = NULL, crashes = crashes + 1, failureCode = 'interrupted', retryable = (kind = 'conversion'),
                           failureMessage = 'The server ended several times while this file was being converted.',
                           reason = 'crashLimit', changedAt = :now, finishedAt = :now
            \(guardedBy) AND crashes + 1 >= :limit
            """, arguments)
        try run(
            """
            UPDATE job SET status = 'pending', claimedBy = NULL, crashes = crashes + 1, reason = 'crash', changedAt = :now
            \(guardedBy) AND crashes + 1 < :limit
            """, arguments)
    }
}
