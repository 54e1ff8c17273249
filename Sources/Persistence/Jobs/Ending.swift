import GRDB

// What an ending writes: the columns that each case sets, and the statements of `finish`.

extension Ending {
    /// What the job's row says afterwards.
    package var status: Status {
        switch self {
        case .succeeded: .succeeded
        case .failed: .failed
        case .advanced, .fellBack, .postponed, .released: .pending
        }
    }

    package var outcome: Outcome {
        switch self {
        case .succeeded, .advanced: .succeeded
        case .failed, .fellBack, .postponed: .failed
        case .released: .interrupted
        }
    }

    package var failure: Failure? {
        switch self {
        case .failed(let failure), .fellBack(let failure, _), .postponed(let failure, _): failure
        case .succeeded, .advanced, .released: nil
        }
    }

    package var output: NewArtifact? {
        switch self {
        case .succeeded(let output, _), .advanced(let output, _): output
        case .failed, .fellBack, .postponed, .released: nil
        }
    }

    fileprivate func dueAt(_ now: Instant) -> Instant? {
        if case .postponed(_, let wait) = self { now + wait } else { nil }
    }

    /// What the job will have waited for space on the disk when it is due again.
    fileprivate var diskWait: Duration {
        if case .postponed(let failure, let wait) = self, failure.code == .diskFull { wait } else { .zero }
    }

    fileprivate var place: Place? {
        switch self {
        case .advanced(_, let place), .fellBack(_, let place): place
        case .succeeded, .failed, .postponed, .released: nil
        }
    }

    fileprivate var warnings: [String] {
        if case .succeeded(_, let warnings) = self { warnings } else { [] }
    }

    fileprivate var reason: String? {
        switch self {
        case .succeeded: nil
        case .advanced: "nextStep"
        case .fellBack: "nextConverter"
        case .postponed: "retry"
        case .released: "stopping"
        case .failed(let failure): failure.code.rawValue
        }
    }
}

extension Database {
    /// The guarded statement of every ending: true when the claim still held.
    func leaveRunning(_ job: Job, _ ending: Ending, _ now: Instant) throws -> Bool {
        let isFinal = ending.status.isFinal
        let isNext = if case .advanced = ending { true } else { false }
        // Another step, or another converter, begins with a clean slate.
        let isAnew = ending.place != nil
        let warnings = (job.warnings ?? []) + ending.warnings
        let isTaken =
            try run(
                """
                UPDATE job SET status = :status, claimedBy = NULL, dueAt = :dueAt, step = :step, choice = :choice,
                               tool = coalesce(:tool, tool),
                               failures = :failures, crashes = :crashes, diskWait = diskWait + :diskWait, failureCode = :code, failureMessage = :message,
                               retryable = :retryable AND kind = 'conversion', warnings = :warnings, reason = :reason, changedAt = :now, finishedAt = :finishedAt
                 WHERE id = :id AND status = 'running' AND attempt = :number AND claimedBy = :boot
                """,
                [
                    "id": job.id, "number": job.attempt, "boot": job.claimedBy, "status": ending.status,
                    "step": job.step + (isNext ? 1 : 0), "choice": ending.place?.choice ?? job.choice,
                    "tool": ending.place?.tool, "dueAt": ending.dueAt(now),
                    "diskWait": ending.diskWait.milliseconds,
                    "failures": isAnew ? 0 : job.failures + (ending.failure == nil ? 0 : 1),
                    "crashes": isAnew ? 0 : job.crashes,
                    "code": isFinal ? ending.failure?.code : nil, "message": isFinal ? ending.failure?.message : nil,
                    "retryable": isFinal && ending.failure?.code.isCircumstance ?? false,
                    "warnings": warnings.isEmpty ? nil : jsonText(warnings), "reason": ending.reason, "now": now,
                    "finishedAt": isFinal ? now : nil,
                ]) == 1
        if isTaken, let place = ending.place { try lineUp(job, for: place.tool) }
        return isTaken
    }

    /// The attempt's last word.
    func end(_ job: Job, _ ending: Ending, _ record: RunRecord, _ now: Instant) throws {
        try run(
            """
            UPDATE attempt SET outcome = :outcome, failureCode = :code, failureMessage = :message,
                               toolVersion = :version, arguments = :arguments, exitCode = :exitCode, signal = :signal,
                               cpuSeconds = :cpu, peakMemoryBytes = :memory, finishedAt = :now
             WHERE jobId = :job AND number = :number AND outcome = 'running'
            """,
            [
                "job": job.id, "number": job.attempt, "outcome": ending.outcome,
                "code": ending.failure?.code, "message": ending.failure?.message, "version": record.toolVersion,
                "arguments": record.arguments.map { try jsonText($0) }, "exitCode": record.exitCode,
                "signal": record.signal, "cpu": record.cpuSeconds, "memory": record.peakMemoryBytes, "now": now,
            ])
    }

    /// Notes what was found in the upload, once.
    func describe(source: Artifact, as geometry: Geometry) throws {
        try run(
            "UPDATE artifact SET geometry = coalesce(geometry, :geometry) WHERE id = :id",
            ["id": source.id, "geometry": jsonText(geometry)])
    }

    func upload(of job: Job) throws -> Artifact? {
        try first(
            Artifact.self, "\(Artifact.select) WHERE jobId = :job AND role = 'source' LIMIT 1", ["job": job.id])
    }

    /// What the job's current step reads: the newest intermediate file, or what was uploaded.
    func input(of job: Job) throws -> Artifact? {
        try first(
            Artifact.self,
            """
            \(Artifact.select) WHERE jobId = :job AND role IN ('source', 'intermediate') AND blob.key IS NOT NULL
             ORDER BY attempt DESC LIMIT 1
            """, ["job": job.id])
    }

    @discardableResult
    func insert(_ new: NewArtifact, job: Job.ID, step: Int, attempt: Int, now: Instant) throws -> Artifact {
        let artifact = try Artifact(new, job: job, step: step, attempt: attempt, now: now)
        try run(
            "INSERT INTO blob (key, size, sha256, createdAt) VALUES (:key, :size, :sha256, :now)",
            ["key": artifact.blobKey, "size": artifact.size, "sha256": artifact.sha256, "now": now])
        if let content = new.blob.content { try keep(content, of: new.blob.key) }
        try run(
            """
            INSERT INTO artifact (id, jobId, role, step, attempt, name, filename, format, packaging, blobKey, geometry,
                                  verifiedBy, createdAt)
            VALUES (:id, :job, :role, :step, :attempt, :name, :filename, :format, :packaging, :key, :geometry,
                    :verifiedBy, :now)
            """,
            [
                "id": artifact.id, "job": job, "role": artifact.role, "step": step, "attempt": attempt,
                "name": artifact.name, "filename": artifact.filename, "format": artifact.format,
                "packaging": artifact.packaging,
                "key": artifact.blobKey, "geometry": artifact.geometryText,
                "verifiedBy": artifact.verifiedBy, "now": now,
            ])
        return artifact
    }
}
