import Hummingbird
import Persistence

/// `GET /api/jobs/{id}/provenance`: where a result comes from, in one document.
struct ProvenanceRoutes {
    let jobs: JobRoutes

    func add(to router: RouterGroup<HTTPContext>) {
        router.get(":id/provenance", use: show)
    }

    /// Of every job that has ended, also without a result.
    @Sendable func show(_ request: Request, _ context: HTTPContext) async throws -> Response {
        let job = try await jobs.brief(jobs.id(context)).job
        guard job.status.isFinal else { throw JobRoutes.unavailable(job) }
        guard let provenance = try await jobs.jobs.provenance(of: job.id) else { throw JobRoutes.unavailable(job) }
        return ProvenanceView(provenance).json.response()
    }
}

/// The document: what went in, all that ran for it, and what came out.
struct ProvenanceView {
    private let provenance: Provenance

    init(_ provenance: Provenance) {
        self.provenance = provenance
    }

    var json: JSONValue {
        let dossier = provenance.dossier
        let view = JobView(dossier)
        return .object([
            "form": 1, "job": job, "source": view.source, "result": view.result,
            "cachedFrom": .optional(dossier.job.cachedFrom?.rawValue),
            "attempts": .array(dossier.attempts.map(attempt)),
        ])
    }

    private var job: JSONValue {
        let job = provenance.dossier.job
        return .object([
            "id": .string(job.id.rawValue), "kind": .string(job.kind.rawValue), "status": .string(job.status.rawValue),
            "client": .string(job.client), "tag": .optional(job.tag), "target": .optional(job.targetFormat),
            "options": .rendered(job.options ?? "{}"), "route": .array((job.route ?? []).map(JobView.json)),
            "retryOf": .optional(job.retryOf?.rawValue), "parentId": .optional(job.parentId?.rawValue),
            "createdAt": .time(job.createdAt), "startedAt": .time(job.startedAt), "finishedAt": .time(job.finishedAt),
            "failure": .failure(job.failure), "warnings": .array((job.warnings ?? []).map(JSONValue.string)),
        ])
    }

    private func attempt(_ attempt: Attempt) -> JSONValue {
        var members = JobView.members(of: attempt)
        let route = provenance.dossier.job.route ?? []
        let step = route.indices.contains(attempt.step) ? route[attempt.step] : nil
        let boot = provenance.boot(of: attempt)
        members["tool"] = .string(attempt.tool)
        members["from"] = .optional(step?.from)
        members["to"] = .optional(step?.to)
        members["seconds"] = attempt.finishedAt.map { .number(($0 - attempt.startedAt).seconds) } ?? .null
        members["sandbox"] = .optional(boot?.sandbox)
        members["kiln"] = .optional(boot?.version)
        members["output"] = output(of: attempt)
        return .object(members)
    }

    private func output(of attempt: Attempt) -> JSONValue {
        let made = provenance.dossier.artifacts.last { artifact in
            artifact.attempt == attempt.number && (artifact.role == .intermediate || artifact.role == .result)
        }
        guard let made else { return .null }
        return .object([
            "format": .optional(made.format), "packaging": .string(made.packaging.rawValue),
            "size": made.size.map(JSONValue.integer) ?? .null, "sha256": .optional(made.sha256),
            "verifiedBy": .optional(made.verifiedBy), "geometry": .geometry(made.geometry),
        ])
    }
}
