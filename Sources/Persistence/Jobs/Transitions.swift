import GRDB

// Every change of a status is here, each one guarded statement: it checks the status it leaves and, from `running`, the claim
// it holds. The event and the tally follow by trigger from the columns that the transition sets.

extension JobStore {
    /// Makes the row of an upload. Also returns what is under way, this one included.
    package func receive(_ arrival: Arrival, now: Instant = .now) async throws -> (job: Job.ID, load: Load) {
        let id = Job.ID(at: now)
        let load = try await writer.submit { database in
            try database.run(
                """
                INSERT INTO job (id, kind, client, requestId, tag, priority, turn, status, sourceFilename, targetFormat,
                                 createdAt, changedAt)
                VALUES (:id, 'conversion', :client, :requestId, :tag, :priority, 0, 'uploading', :filename, :target,
                        :now, :now)
                """,
                [
                    "id": id, "client": arrival.client, "requestId": arrival.requestId, "tag": arrival.tag,
                    "priority": Job.Priority.normal,
                    "filename": arrival.filename, "target": arrival.targetFormat, "now": now,
                ])
            return try database.load()
        }
        FailPoint.uploadReceived.pass()
        return (id, load)
    }

    /// `uploading → pending`: the file is committed, the job is acknowledged; and on to `succeeded` where the result is there
    /// already. `nil` when the job was ended meanwhile.
    package func enqueue(_ id: Job.ID, _ acceptance: Acceptance, now: Instant = .now) async throws -> Dossier? {
        let dossier: Dossier? = try await expecting(id) { database in
            guard let client = try database.client(ofUpload: id) else { return nil }
            let key = try acceptance.cacheKey(of: client)
            let finished = try database.reusable(acceptance, key)
            // Who runs nothing takes no turn.
            let turn = finished == nil ? try database.takeTurn(acceptance.tool, acceptance.priority, of: client) : 0
            guard let job = try database.accept(id, acceptance, key, turn, now) else { return nil }
            let source = try database.insert(acceptance.source, job: id, step: 0, attempt: 0, now: now)
            FailPoint.enqueueing.pass()
            if let finished, let reuse = acceptance.reuse,
                let job = try database.succeed(job, like: finished, reuse, now)
            {
                return try database.dossier(of: job)
            }
            return Dossier(job: job, attempts: [], artifacts: [source])
        }
        FailPoint.enqueued.pass()
        if dossier?.job.status.isFinal == true { endings.announce(id) }
        return dossier
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
    ///
    /// A job without a file to start from, which law 1 forbids, fails here and now: it must not keep the others waiting.
    package func claim(_ tool: String, boot: Boot.ID, now: Instant = .now) async throws -> Claim? {
        let (claim, broken) = try await writer.submit { database -> (Claim?, [Job.ID]) in
            var broken: [Job.ID] = []
            while let job = try database.claim(tool, boot, now) {
                if let source = try database.input(of: job) {
                    let original = job.step == 0 ? source : try database.upload(of: job)
                    let ended = self.endings.watch(job.id)
                    let content = try source.blobKey.flatMap { try database.content(of: $0) }
                    FailPoint.claiming.pass()
                    let claim = Claim(
                        job: job, source: source, content: content, original: original ?? source, ended: ended)
                    return (claim, broken)
                }
                _ = try database.leaveRunning(job, .failed(.sourceMissing), now)
                try database.end(job, .failed(.sourceMissing), RunRecord(), now)
                try database.run("UPDATE job SET retryable = 0 WHERE id = :id", ["id": job.id])
                broken.append(job.id)
            }
            return (nil, broken)
        }
        broken.forEach { endings.announce($0) }
        if claim != nil { FailPoint.claimed.pass() }
        return claim
    }

    /// `uploading | pending | running → cancelled`, together with the attempt that runs. Who runs it is told, and stops it:
    /// what it makes is not taken any more. Lost when the job has ended.
    package func cancel(_ id: Job.ID, requestId: String?, now: Instant = .now) async throws -> Verdict {
        let job = try await writer.submit { try $0.cancel(id, requestId, now) }
        guard job != nil else { return .lost }
        FailPoint.cancelled.pass()
        endings.announce(id)
        return .committed
    }

    /// `running → succeeded | pending | failed`: the attempt's row and the job's, in one transaction.
    package func finish(_ claim: Claim, as ending: Ending, run: RunRecord, now: Instant = .now) async throws -> Verdict
    {
        let (isTaken, dossier) = try await writer.submit { [endings] database -> (Bool, Dossier?) in
            guard try database.leaveRunning(claim.job, ending, now) else { return (false, nil) }
            try database.end(claim.job, ending, run, now)
            if let found = run.sourceGeometry { try database.describe(source: claim.original, as: found) }
            for artifact in [ending.output, run.log].compactMap(\.self) {
                try database.insert(artifact, job: claim.job.id, step: claim.job.step, attempt: claim.number, now: now)
            }
            FailPoint.finishing.pass()
            guard ending.status.isFinal, endings.areCurious(about: claim.job.id) else { return (true, nil) }
            return (true, try database.dossier(of: claim.job.id))
        }
        FailPoint.finished.pass()
        if isTaken, ending.status.isFinal { endings.announce(claim.job.id, dossier) }
        return isTaken ? .committed : .lost
    }
}

extension Database {
    /// Who sends the file; `nil` when the job is not uploading any more.
    fileprivate func client(ofUpload id: Job.ID) throws -> String? {
        try String.fetchOne(
            cachedStatement(sql: "SELECT client FROM job WHERE id = :id AND status = 'uploading'"),
            arguments: ["id": id])
    }

    /// The job, pending now; `nil` when it is not uploading any more.
    fileprivate func accept(
        _ id: Job.ID, _ acceptance: Acceptance, _ cacheKey: String?, _ turn: Int64, _ now: Instant
    ) throws -> Job? {
        try first(
            Job.self,
            """
            UPDATE job SET status = 'pending', sourceFilename = :filename, sourceFormat = :from, targetFormat = :to,
                           options = :options, route = :route, tool = :tool, tag = coalesce(:tag, tag), warnings = :warnings,
                           cacheKey = :cacheKey, priority = :priority, turn = :turn, promised = :promised,
                           changedAt = :now
             WHERE id = :id AND status = 'uploading'
            RETURNING *
            """,
            [
                "id": id, "filename": acceptance.source.filename, "from": acceptance.source.format,
                "to": acceptance.targetFormat, "options": acceptance.options,
                "route": KnownRoutes.text(acceptance.route),
                "tool": acceptance.tool, "cacheKey": cacheKey,
                "tag": acceptance.tag, "priority": acceptance.priority, "turn": turn,
                "promised": Job.work(on: acceptance.source.blob.size),
                "warnings": acceptance.warnings.isEmpty ? nil : jsonText(acceptance.warnings),
                "now": now,
            ])
    }

    /// The next ready job for the tool, its attempt's row made; it may lack a file to start from.
    fileprivate func claim(_ tool: String, _ boot: Boot.ID, _ now: Instant) throws -> Job? {
        let job = try first(
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
        try turn(clockOf: job)
        try run(
            """
            INSERT INTO attempt (jobId, number, step, converter, tool, boot, outcome, startedAt)
            VALUES (:job, :number, :step, :converter, :tool, :boot, 'running', :now)
            """,
            [
                "job": job.id, "number": job.attempt, "step": job.step, "converter": job.converter ?? "",
                "tool": tool, "boot": boot, "now": now,
            ])
        return job
    }
}

extension Database {
    /// The job, if it was under way.
    func cancel(_ id: Job.ID, _ requestId: String?, _ now: Instant) throws -> Job? {
        let job = try first(
            Job.self,
            """
            UPDATE job SET status = 'cancelled', claimedBy = NULL, dueAt = NULL, reason = NULL, requestId = :requestId,
                           changedAt = :now, finishedAt = :now
             WHERE id = :id AND status IN ('uploading', 'pending', 'running')
            RETURNING *
            """, ["id": id, "requestId": requestId, "now": now])
        guard let job else { return nil }
        try run(
            """
            UPDATE attempt SET outcome = 'cancelled', failureCode = 'cancelled', finishedAt = :now,
                               failureMessage = 'The job was cancelled while the tool was running.'
             WHERE jobId = :id AND number = :number AND outcome = 'running'
            """, ["id": id, "number": job.attempt, "now": now])
        return job
    }
}

extension Failure {
    fileprivate static let sourceMissing = Failure(
        .internal, "The file that the conversion starts from is not in store any more. Send it again.")
}
