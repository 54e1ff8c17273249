import GRDB

/// A job that is to be repeated by hand: with the same source and the same wish, on a way that is open now.
package struct RetryRequest: Sendable {
    package let original: Job
    package let source: Artifact
    package let route: [RouteStep]
    /// The tool of the first step's first converter.
    package let tool: String
    package let requestId: String?

    package init(original: Job, source: Artifact, route: [RouteStep], tool: String, requestId: String?) {
        self.original = original
        self.source = source
        self.route = route
        self.tool = tool
        self.requestId = requestId
    }
}

extension JobStore {
    /// A new job with `retryOf`, `pending` at once; the original stays as it ended, and is no dead letter any more.
    /// `nil` when the source's bytes are gone.
    package func retry(_ request: RetryRequest, now: Instant = .now) async throws -> Dossier? {
        try await writer.submit { database in
            let original = request.original
            let successor = Successor(
                kind: original.kind, retryOf: original.id, origin: original, requestId: request.requestId,
                priority: original.priority, file: request.source, targetFormat: original.targetFormat,
                route: request.route, tool: request.tool)
            guard let job = try database.insert(successor, original.options, now: now) else { return nil }
            try database.run("UPDATE job SET retryable = 0 WHERE id = :id", ["id": original.id])
            return try database.brief(of: job)
        }
    }
}
