import GRDB

// Every change of a status is here, each one guarded statement: it checks the status it leaves and, from `running`, the claim
// it holds. The event and the tally follow by trigger from the columns that the transition sets.

/// A request whose head is understood and whose bytes begin to arrive.
package struct Arrival: Sendable {
    package let client: String
    package let requestId: String?
    package let filename: String?
    package let targetFormat: String?
    package let tag: String?

    package init(
        client: String, requestId: String? = nil, filename: String? = nil, targetFormat: String? = nil,
        tag: String? = nil
    ) {
        self.client = client
        self.requestId = requestId
        self.filename = filename
        self.targetFormat = targetFormat
        self.tag = tag
    }
}

/// An upload that is complete on disk, recognised, and planned.
package struct Acceptance: Sendable {
    package let source: NewArtifact
    package let targetFormat: String
    /// A JSON object, or nothing.
    package let options: String?
    package let route: [RouteStep]
    /// The tool of the first step's first converter.
    package let tool: String
    package let tag: String?
    package let warnings: [String]

    package init(
        source: NewArtifact, targetFormat: String, options: String? = nil, route: [RouteStep], tool: String,
        tag: String? = nil, warnings: [String] = []
    ) {
        self.source = source
        self.targetFormat = targetFormat
        self.options = options
        self.route = route
        self.tool = tool
        self.tag = tag
        self.warnings = warnings
    }
}

/// The right to run one step of a job: only its holder may finish it.
package struct Claim: Sendable {
    /// The row as it stands under this claim.
    package let job: Job
    /// What the step reads.
    package let source: Artifact
    /// What was uploaded.
    package let original: Artifact

    /// Where the next transition must start from.
    package var number: Int { job.attempt }
}

/// How an attempt ended, and what becomes of the job.
package enum Ending: Sendable {
    /// The last step is done.
    case succeeded(NewArtifact, warnings: [String])
    /// A step is done; the next one needs `tool`.
    case advanced(NewArtifact, tool: String)
    /// The attempt failed; the step's next converter, which needs `tool`, takes over.
    case fellBack(Failure, tool: String)
    /// The attempt failed, and the job with it.
    case failed(Failure)
    /// The server is stopping politely: nothing is charged, the step runs again.
    case released
}

/// Whether the row took the ending.
package enum Verdict: Sendable {
    case committed
    /// Somebody else ended the claim: throw the output away, change nothing.
    case lost
}

extension JobStore {
    /// Makes the row of an upload. Also returns how many jobs wait or are about to, this one included.
    package func receive(_ arrival: Arrival, now: Instant = .now) async throws -> (job: Job.ID, queued: Int) {
        let id = Job.ID(at: now)
        let queued = try await writer.submit { database in
            try database.run(
                """
                INSERT INTO job (id, kind, client, requestId, tag, priority, turn, status, sourceFilename, targetFormat,
                                 createdAt, changedAt)
                VALUES (:id, 'conversion', :client, :requestId, :tag, 1, 0, 'uploading', :filename, :target, :now, :now)
                """,
                [
                    "id": id, "client": arrival.client, "requestId": arrival.requestId, "tag": arrival.tag,
                    "filename": arrival.filename, "target": arrival.targetFormat, "now": now,
                ])
            return try Int.fetchOne(
                database.cachedStatement(
                    sql: """
                        SELECT sum(value) FROM tally WHERE name = 'jobs' AND label IN ('uploading', 'pending')
                        """)) ?? 0
        }
        return (id, queued)
    }

    /// `uploading → pending`: the file is committed, the job is acknowledged. `nil` when the job was ended meanwhile.
    package func enqueue(_ id: Job.ID, _ acceptance: Acceptance, now: Instant = .now) async throws -> Dossier? {
        try await writer.submit { database in
            let job = try database.first(
                Job.self,
                """
                UPDATE job SET status = 'pending', sourceFilename = :filename, sourceFormat = :from, targetFormat = :to,
                               options = :options, route = :route, tool = :tool, tag = coalesce(:tag, tag), warnings = :warnings,
                               turn = :now, changedAt = :now
                 WHERE id = :id AND status = 'uploading'
                RETURNING *
                """,
                [
                    "id": id, "filename": acceptance.source.filename, "from": acceptance.source.format,
                    "to": acceptance.targetFormat, "options": acceptance.options, "route": jsonText(acceptance.route),
                    "tool": acceptance.tool,
                    "tag": acceptance.tag,
                    "warnings": acceptance.warnings.isEmpty ? nil : jsonText(acceptance.warnings),
                    "now": now,
                ])
            guard let job else { return nil }
            let source = try database.insert(acceptance.source, job: id, step: 0, attempt: 0, now: now)
            return Dossier(job: job, attempts: [], artifacts: [source])
        }
    }

    /// `uploading → failed`: the upload broke off or was refused. What is known of it by now is kept.
    @discardableResult
    package func refuse(
        _ id: Job.ID, _ failure: Failure, filename: String? = nil, sourceFormat: String? = nil,
        targetFormat: String? = nil, now: Instant = .now
    ) async throws -> Verdict {
        let verdict: Verdict = try await writer.submit { database in
            try database.run(
                """
                UPDATE job SET status = 'failed', failureCode = :code, failureMessage = :message, reason = :code,
                               sourceFilename = coalesce(:filename, sourceFilename),
                               sourceFormat = coalesce(:from, sourceFormat), targetFormat = coalesce(:to, targetFormat),
                               changedAt = :now, finishedAt = :now
                 WHERE id = :id AND status = 'uploading'
                """,
                [
                    "id": id, "code": failure.code, "message": failure.message, "filename": filename,
                    "from": sourceFormat, "to": targetFormat, "now": now,
                ]) == 1 ? .committed : .lost
        }
        if verdict == .committed { endings.announce(id) }
        return verdict
    }

    /// `pending → running`: hands the next ready step for `tool` to the caller, who is then its only runner.
    /// One writer and one UPDATE: that is all the locking there is.
    package func claim(_ tool: String, boot: Boot.ID, now: Instant = .now) async throws -> Claim? {
        try await writer.submit { database in
            let job = try database.first(
                Job.self,
                """
                UPDATE job SET status = 'running', attempt = attempt + 1, claimedBy = :boot, reason = NULL,
                               startedAt = coalesce(startedAt, :now), changedAt = :now
                 WHERE id = (SELECT id FROM job
                              WHERE tool = :tool AND status = 'pending' AND dueAt IS NULL
                              ORDER BY priority, turn, id LIMIT 1)
                RETURNING *
                """, ["tool": tool, "boot": boot, "now": now])
            guard let job else { return nil }
            try database.run(
                """
                INSERT INTO attempt (jobId, number, step, converter, tool, boot, outcome, startedAt)
                VALUES (:job, :number, :step, :converter, :tool, :boot, 'running', :now)
                """,
                [
                    "job": job.id, "number": job.attempt, "step": job.step, "converter": job.converter ?? "",
                    "tool": tool, "boot": boot, "now": now,
                ])
            guard let source = try database.input(of: job) else { throw SourceMissing(job: job.id) }
            let original = job.step == 0 ? source : try database.upload(of: job)
            return Claim(job: job, source: source, original: original ?? source)
        }
    }

    /// `running → succeeded | pending | failed`: the attempt's row and the job's, in one transaction.
    package func finish(_ claim: Claim, as ending: Ending, run: RunRecord, now: Instant = .now) async throws -> Verdict
    {
        let isTaken = try await writer.submit { database in
            guard try database.leaveRunning(claim, ending, now) else { return false }
            try database.end(claim, ending, run, now)
            if let found = run.sourceGeometry { try database.describe(source: claim.original, as: found) }
            for artifact in [ending.output, run.log].compactMap(\.self) {
                try database.insert(artifact, job: claim.job.id, step: claim.job.step, attempt: claim.number, now: now)
            }
            return true
        }
        if isTaken, ending.status.isFinal { endings.announce(claim.job.id) }
        return isTaken ? .committed : .lost
    }
}

/// A claimed job without the file to start from: a row that law 1 forbids.
package struct SourceMissing: Error {
    package let job: Job.ID
}
