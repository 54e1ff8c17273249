import Crypto
import FoundationEssentials
import GRDB

/// What an upload may do with the results of others like it, and they with its own.
package struct Reuse: Sendable {
    /// Whether a result that is there already may be taken, or only a new one kept for others.
    package let mayTake: Bool
    /// Kiln's own version and, by the converter's name, its tool's: a result that others made is not the same.
    package let version: String
    package let toolVersions: [String: String]
    /// The names under which the result is offered, by its packaging.
    package let filenames: [Artifact.Packaging: String]

    package init(
        mayTake: Bool, version: String, toolVersions: [String: String], filenames: [Artifact.Packaging: String]
    ) {
        self.mayTake = mayTake
        self.version = version
        self.toolVersions = toolVersions
        self.filenames = filenames
    }
}

extension Acceptance {
    /// The same for equal wishes of one client for equal content; `nil` where results are not shared.
    func cacheKey(of client: String) throws -> String? {
        guard reuse != nil else { return nil }
        let wish = [
            client, source.blob.sha256, source.name, source.format, targetFormat, options, try KnownRoutes.text(route),
        ]
        return SHA256.hash(data: Data(try jsonText(wish).utf8)).hexadecimal
    }
}

extension Database {
    /// A finished job whose result the acceptance may have: nothing that made it is another version today.
    func reusable(_ acceptance: Acceptance, _ key: String?) throws -> Job? {
        guard let reuse = acceptance.reuse, reuse.mayTake, let key else { return nil }
        let job = try first(
            Job.self,
            """
            SELECT * FROM job WHERE cacheKey = :key AND status = 'succeeded' AND expiredAt IS NULL
             ORDER BY id DESC LIMIT 1
            """, ["key": key])
        guard let job, try isAsToday(job, reuse), try hasResult(job) else { return nil }
        return job
    }

    private func isAsToday(_ job: Job, _ reuse: Reuse) throws -> Bool {
        let runs = try Row.fetchAll(
            cachedStatement(
                sql: """
                    SELECT converter, toolVersion, version FROM attempt JOIN boot ON boot.id = attempt.boot
                     WHERE jobId = :job AND outcome = 'succeeded'
                    """), arguments: ["job": job.id])
        return !runs.isEmpty
            && runs.allSatisfy { run in
                let toolVersion: String? = run["toolVersion"]
                return run["version"] == reuse.version && toolVersion != nil
                    && toolVersion == reuse.toolVersions[run["converter"]]
            }
    }

    private func hasResult(_ job: Job) throws -> Bool {
        try first(
            Artifact.self, "\(Artifact.select) WHERE jobId = :job AND role = 'result' AND blobKey IS NOT NULL",
            ["job": job.id]) != nil
    }

    /// `pending → succeeded` without a run: the finished job's result is this one's too, with the record of how it was
    /// made, which is copied because the finished job may be gone one day.
    func succeed(_ job: Job, like finished: Job, _ reuse: Reuse, _ now: Instant) throws -> Job? {
        try copyFiles(of: finished, to: job, reuse, now)
        try run(
            """
            INSERT INTO attempt (jobId, number, step, converter, tool, toolVersion, arguments, boot, outcome, failureCode,
                                 failureMessage, exitCode, signal, cpuSeconds, peakMemoryBytes, startedAt, finishedAt)
            SELECT :job, number, step, converter, tool, toolVersion, arguments, boot, outcome, failureCode,
                   failureMessage, exitCode, signal, cpuSeconds, peakMemoryBytes, startedAt, finishedAt
              FROM attempt WHERE jobId = :finished
            """, ["job": job.id, "finished": finished.id])
        return try first(
            Job.self,
            """
            UPDATE job SET status = 'succeeded', reason = 'cached', cachedFrom = :origin, step = :step, choice = :choice,
                           warnings = :warnings, changedAt = :now, finishedAt = :now
             WHERE id = :id AND status = 'pending'
            RETURNING *
            """,
            [
                "id": job.id, "origin": finished.cachedFrom ?? finished.id, "step": finished.step,
                "choice": finished.choice, "warnings": finished.warnings.map { try jsonText($0) }, "now": now,
            ])
    }

    /// The result and what the tools said share their bytes; what was measured of the upload is known again.
    private func copyFiles(of finished: Job, to job: Job, _ reuse: Reuse, _ now: Instant) throws {
        let files = try all(
            Artifact.self,
            """
            \(Artifact.select) WHERE jobId = :job AND role IN ('result', 'log') AND blobKey IS NOT NULL ORDER BY attempt
            """, ["job": finished.id])
        for file in files {
            try run(
                """
                INSERT INTO artifact (id, jobId, role, step, attempt, name, filename, format, packaging, blobKey, geometry,
                                      verifiedBy, createdAt)
                SELECT :id, :job, role, step, attempt, name, :filename, format, packaging, blobKey, geometry, verifiedBy, :now
                  FROM artifact WHERE id = :file
                """,
                [
                    "id": Artifact.ID(at: now), "job": job.id, "file": file.id, "now": now,
                    "filename": file.role == .result ? reuse.filenames[file.packaging] : file.filename,
                ])
        }
        try run(
            """
            UPDATE artifact SET geometry = (SELECT geometry FROM artifact WHERE jobId = :finished AND role = 'source')
             WHERE jobId = :job AND role = 'source'
            """, ["job": job.id, "finished": finished.id])
    }
}
