import GRDB

/// A job that begins with a file another one has, instead of an upload; it is `pending` at once.
struct Successor {
    let kind: Job.Kind
    var parent: Job.ID?
    var retryOf: Job.ID?
    /// Whose client it serves.
    let origin: Job
    let requestId: String?
    let priority: Job.Priority
    let file: Artifact
    let targetFormat: String?
    let route: [RouteStep]
    let tool: String
}

extension Database {
    /// `nil` when the file's bytes are gone.
    func insert(_ successor: Successor, _ options: String?, now: Instant) throws -> Job? {
        let file = successor.file
        guard try isThere(file) else { return nil }
        let isRetry = successor.retryOf != nil
        let origin = successor.origin
        let job = try first(
            Job.self,
            """
            INSERT INTO job (id, kind, parentId, retryOf, client, requestId, tag, priority, turn, status, reason,
                             sourceFilename, sourceFormat, targetFormat, options, route, tool, warnings, promised, createdAt,
                             changedAt)
            VALUES (:id, :kind, :parent, :retryOf, :client, :requestId, :tag, :priority, :turn, 'pending', :reason,
                    :filename, :from, :to, :options, :route, :tool, :warnings, :promised, :now, :now)
            RETURNING *
            """,
            [
                "id": Job.ID(at: now), "kind": successor.kind, "parent": successor.parent,
                "retryOf": successor.retryOf, "client": origin.client, "requestId": successor.requestId,
                "tag": isRetry ? origin.tag : nil, "priority": successor.priority,
                "turn": takeTurn(successor.tool, successor.priority, of: origin.client),
                "reason": isRetry ? "retry" : nil, "filename": file.filename, "from": file.format,
                "to": successor.targetFormat, "options": options, "route": KnownRoutes.text(successor.route),
                "tool": successor.tool, "warnings": isRetry ? origin.warnings.map { try jsonText($0) } : nil,
                "promised": Job.work(on: file.size ?? 0), "now": now,
            ])
        guard let job else { return nil }
        try copy(file, toSourceOf: job, now)
        return job
    }

    private func copy(_ file: Artifact, toSourceOf job: Job, _ now: Instant) throws {
        try run(
            """
            INSERT INTO artifact (id, jobId, role, name, filename, format, packaging, blobKey, geometry, createdAt)
            SELECT :id, :job, 'source', name, filename, format, packaging, blobKey, geometry, :now
              FROM artifact WHERE id = :file
            """, ["id": Artifact.ID(at: now), "job": job.id, "file": file.id, "now": now])
    }

    private func isThere(_ file: Artifact) throws -> Bool {
        try first(Artifact.self, "\(Artifact.select) WHERE id = :id AND blobKey IS NOT NULL", ["id": file.id]) != nil
    }
}
