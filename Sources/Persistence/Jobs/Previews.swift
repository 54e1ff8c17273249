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
    /// The job that makes the picture: the one there is, unless it has failed, or a new one, `pending` at once.
    /// `nil` when the result's bytes are gone.
    package func preview(_ request: PreviewRequest, requestId: String?, now: Instant = .now) async throws -> Job? {
        try await writer.submit { database in
            if let job = try database.preview(of: request.parent.id) { return job }
            let parent = request.parent
            let successor = Successor(
                kind: .preview, parent: parent.id, origin: parent, requestId: requestId,
                priority: .background, file: request.result, targetFormat: "png", route: request.route,
                tool: request.tool)
            return try database.insert(successor, nil, now: now)
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
