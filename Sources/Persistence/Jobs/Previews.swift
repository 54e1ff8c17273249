import GRDB

/// A picture of a job's result, as a job of its own that waits behind all conversions.
package struct PreviewRequest: Sendable {
    package let parent: Job
    /// What is to be shown.
    package let result: Artifact
    package let route: [RouteStep]
    /// The tool of the first step's first converter.
    package let tool: String

    package init(parent: Job, result: Artifact, route: [RouteStep], tool: String) {
        self.parent = parent
        self.result = result
        self.route = route
        self.tool = tool
    }
}

extension JobStore {
    /// Higher numbers run later.
    private static let previewPriority = 2

    /// The job that makes the picture: the one there is, unless it has failed, or a new one, `pending` at once.
    /// `nil` when the result's bytes are gone.
    package func preview(_ request: PreviewRequest, requestId: String?, now: Instant = .now) async throws -> Job? {
        try await writer.submit { database in
            if let job = try database.preview(of: request.parent.id) { return job }
            guard let key = request.result.blobKey else { return nil }
            let parent = request.parent
            let id = Job.ID(at: now)
            let job = try database.first(
                Job.self,
                """
                INSERT INTO job (id, kind, parentId, client, requestId, priority, turn, status, sourceFilename,
                                 sourceFormat, targetFormat, route, tool, createdAt, changedAt)
                VALUES (:id, 'preview', :parent, :client, :requestId, :priority, :now, 'pending', :filename,
                        :from, 'png', :route, :tool, :now, :now)
                RETURNING *
                """,
                [
                    "id": id, "parent": parent.id, "client": parent.client, "requestId": requestId,
                    "priority": Self.previewPriority, "now": now, "filename": request.result.filename,
                    "from": request.result.format, "route": jsonText(request.route), "tool": request.tool,
                ])
            try database.run(
                """
                INSERT INTO artifact (id, jobId, role, name, filename, format, packaging, blobKey, createdAt)
                VALUES (:id, :job, 'source', :name, :filename, :format, :packaging, :key, :now)
                """,
                [
                    "id": Artifact.ID(at: now), "job": id, "name": request.result.name,
                    "filename": request.result.filename, "format": request.result.format,
                    "packaging": request.result.packaging, "key": key, "now": now,
                ])
            return job
        }
    }
}

extension Database {
    fileprivate func preview(of parent: Job.ID) throws -> Job? {
        try first(
            Job.self,
            """
            SELECT * FROM job WHERE parentId = :parent AND kind = 'preview' AND status IN
                ('pending', 'running', 'succeeded') ORDER BY id DESC LIMIT 1
            """, ["parent": parent])
    }
}
