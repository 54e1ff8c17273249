import HTTPTypes
import Hummingbird
import Persistence
import Pipeline

/// What may be done to a job: cancel it, repeat it, give its files up.
struct ControlRoutes {
    let jobs: JobRoutes
    let control: Control

    func add(to router: RouterGroup<HTTPContext>) {
        router.post(":id/cancel", use: cancel)
        router.post(":id/retry", use: retry)
        router.delete(":id", use: delete)
    }

    /// The answer comes when the row is final; what runs is gone a moment later. One that was cancelled before is fine.
    @Sendable func cancel(_ request: Request, _ context: HTTPContext) async throws -> Response {
        let id = try jobs.id(context)
        let verdict = try await control.cancel(id, requestId: context.requestId)
        let dossier = try await jobs.dossier(id)
        guard verdict == .committed || dossier.job.status == .cancelled else {
            throw Problem(.alreadyFinished, "The job is \(dossier.job.status.rawValue) already.")
        }
        return JobView(dossier).json.response()
    }

    /// The record stays. Deleting twice is fine.
    @Sendable func delete(_ request: Request, _ context: HTTPContext) async throws -> Response {
        let id = try await jobs.brief(jobs.id(context)).job.id
        guard try await control.delete(id, requestId: context.requestId) else {
            throw Problem(.notFinished, "The job is under way. Cancel it first.")
        }
        return JobView(try await jobs.dossier(id)).json.response()
    }

    /// 202 with a new job; the old one stays as it ended.
    @Sendable func retry(_ request: Request, _ context: HTTPContext) async throws -> Response {
        let dossier = try await jobs.brief(jobs.id(context))
        try Self.checkRetry(dossier)
        guard let successor = try await control.retry(dossier, requestId: context.requestId) else {
            throw Problem(.expired, "The file was kept for its time and is gone. Send it again.")
        }
        var response = JobView(successor).json.response(.accepted)
        response.headers[.location] = JobView.address(successor.job.id)
        return response
    }

    private static func checkRetry(_ dossier: Dossier) throws(Problem) {
        let job = dossier.job
        guard job.status.isFinal else { throw JobRoutes.unavailable(job) }
        if job.status == .succeeded {
            throw Problem(.notRetryable, "The job succeeded. Send the file again to convert it once more.")
        }
        if job.kind == .preview { throw Problem(.notRetryable, "A picture is tried again when it is asked for again.") }
        guard dossier.artifact(.source) != nil else {
            throw Problem(.notRetryable, "The upload was never complete, so there is nothing to repeat. Send it again.")
        }
    }
}

extension Problem.Kind {
    static let alreadyFinished = Self("alreadyFinished", .conflict, "The job has ended")
    static let notRetryable = Self("notRetryable", .conflict, "The job cannot be repeated")
}
