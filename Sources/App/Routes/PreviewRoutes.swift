import Hummingbird
import Persistence
import Pipeline

/// `/api/jobs/{id}/preview`: a picture of a job's result, made when somebody first asks for it.
struct PreviewRoutes {
    let jobs: JobRoutes
    let catalogue: Catalogue
    let doorbell: Doorbell

    /// How long the first who asks is kept waiting, in seconds.
    private static let patience = 20

    func add(to router: RouterGroup<HTTPContext>) {
        router.get(":id/preview", use: show)
    }

    @Sendable func show(_ request: Request, _ context: HTTPContext) async throws -> Response {
        let dossier = try await jobs.finished(context)
        guard let result = dossier.artifact(.result), result.blobKey != nil else {
            throw Problem(.expired, "The result was kept for its time and is gone, and so is the picture of it.")
        }
        guard let format = result.format.flatMap(Format.named), let way = catalogue.planner.preview(of: format) else {
            throw Problem(.noPreview, "There is no way here to a picture of a \(result.format ?? "file").")
        }
        let asked = PreviewRequest(parent: dossier.job, result: result, route: way.route, tool: way.tool)
        guard let preview = try await jobs.jobs.preview(asked, requestId: context.requestId) else {
            throw Problem(.expired, "The result is gone, and so is the picture of it.")
        }
        doorbell.ring(for: way.tool)
        let shown = try await jobs.dossier(preview.id, within: Self.patience, on: context.channel.eventLoop)
        return try await answer(shown, request, context)
    }

    private func answer(_ dossier: Dossier, _ request: Request, _ context: HTTPContext) async throws -> Response {
        switch dossier.job.status {
        case .succeeded: return try await jobs.file(.result, of: dossier, nil, request, context)
        case .failed, .cancelled:
            throw Problem(
                .notSucceeded, "The picture could not be made: \(dossier.job.failure?.message ?? "it was cancelled.")",
                extensions: ["failure": .failure(dossier.job.failure)])
        case .uploading, .pending, .running:
            var response = JobView(dossier).json.response(.accepted)
            response.headers[.retryAfter] = "2"
            return response
        }
    }
}

extension Problem.Kind {
    static let noPreview = Self("noPreview", .notFound, "There is no picture of this")
}
