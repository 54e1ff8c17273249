import Hummingbird
import NIOCore
import Persistence
import Pipeline
import ServiceLifecycle

/// `/api/jobs`: what became of the uploads.
struct JobRoutes {
    let jobs: JobStore
    let blobs: BlobStore

    func add(to router: RouterGroup<HTTPContext>) {
        router.get(use: list)
        router.get(":id", use: show)
        router.get(":id/result", use: result)
        router.get(":id/source", use: source)
        router.get(":id/log", use: log)
        router.get(":id/events", use: events)
    }

    @Sendable func list(_ request: Request, _ context: HTTPContext) async throws -> Response {
        let page = try HistoryPage(request.uri.queryParameters)
        let dossiers = try await jobs.history(page.filter, after: page.cursor, limit: page.size + 1)
        let shown = dossiers.prefix(page.size)
        let next = dossiers.count > page.size ? shown.last.map { HistoryPage.token(after: $0.job) } : nil
        return JSONValue.object([
            "items": .array(shown.map { JobView($0, isBrief: true).json }), "nextPageToken": .optional(next),
        ]).response()
    }

    /// With `?wait=`, answers as soon as the job has ended, or with what there is when the time or the server ends.
    @Sendable func show(_ request: Request, _ context: HTTPContext) async throws -> Response {
        let id = try id(context)
        guard let seconds = try Self.patience(request) else { return JobView(try await dossier(id)).json.response() }
        let dossier = try await dossier(id, within: seconds, on: context.channel.eventLoop)
        return JobView(dossier).json.response()
    }

    /// The job when it has ended, or as it is when the time or the server ends.
    func dossier(_ id: Job.ID, within seconds: Int, on loop: any EventLoop) async throws -> Dossier {
        let watch = jobs.endings.watch(id, isCurious: true)
        if !jobs.endings.isLive(id) {
            guard try await jobs.status(of: id)?.isFinal == false else { return try await dossier(id) }
        }
        let timer = loop.scheduleTask(in: .seconds(Int64(seconds))) { watch.end() }
        defer { timer.cancel() }
        await withGracefulShutdownHandler {
            await watch.wait()
        } onGracefulShutdown: {
            watch.end()
        }
        if let told = watch.dossier { return told }
        return try await dossier(id)
    }

    /// The job of the request, which must have succeeded.
    func finished(_ context: HTTPContext) async throws -> Dossier {
        let dossier = try await brief(id(context))
        guard dossier.job.status == .succeeded else { throw Self.unavailable(dossier.job) }
        return dossier
    }

    @Sendable func result(_ request: Request, _ context: HTTPContext) async throws -> Response {
        let (dossier, content) = try await brief(id(context), with: .result)
        guard dossier.job.status == .succeeded else { throw Self.unavailable(dossier.job) }
        return try await file(.result, of: dossier, content, request, context)
    }

    @Sendable func source(_ request: Request, _ context: HTTPContext) async throws -> Response {
        let (dossier, content) = try await brief(id(context), with: .source)
        guard dossier.artifact(.source) != nil else { throw Self.unavailable(dossier.job) }
        return try await file(.source, of: dossier, content, request, context)
    }

    @Sendable func events(_ request: Request, _ context: HTTPContext) async throws -> Response {
        let id = try await dossier(id(context)).job.id
        return JSONValue.object(["items": .array(try await jobs.events(of: id).map { EventView($0).json })]).response()
    }

    /// What the tools said, attempt by attempt.
    @Sendable func log(_ request: Request, _ context: HTTPContext) async throws -> Response {
        let dossier = try await dossier(id(context))
        let logs = dossier.artifacts.filter { $0.role == .log }
        guard logs.isEmpty && dossier.job.expiredAt == nil || logs.contains(where: { $0.blobKey != nil }) else {
            throw Problem(.expired, "The log is not kept any more.")
        }
        var text = ByteBuffer()
        for key in logs.compactMap(\.blobKey) {
            let reader = try await blobs.open(key)
            text.writeBytes(try await blobs.perform { try reader.readAll() })
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/plain; charset=utf-8", .cacheControl: "no-store", .xContentTypeOptions: "nosniff",
                .contentSecurityPolicy: "sandbox",
            ],
            body: ResponseBody(byteBuffer: text))
    }

    /// - Parameter content: the bytes, where they are known already.
    func file(
        _ role: Artifact.Role, of dossier: Dossier, _ content: BlobReader?, _ request: Request,
        _ context: HTTPContext
    ) async throws -> Response {
        guard let artifact = dossier.artifact(role), let key = artifact.blobKey, let sha256 = artifact.sha256,
            artifact.expiredAt == nil
        else { throw Self.expired }
        let reader: BlobReader
        do {
            reader = if let content { content } else { try await blobs.open(key) }
        } catch let error as SystemError where error.isMissing {
            // Deleted since its row was read.
            throw Self.expired
        }
        let format = artifact.format.flatMap(Format.named)
        let file = StoredFile(
            sha256: sha256, size: reader.size,
            mediaType: artifact.packaging == .zip ? "application/zip" : format?.mediaType ?? "application/octet-stream",
            filename: artifact.filename ?? "model", modified: artifact.createdAt.rawValue / 1000,
            read: { try reader.read(into: $0, at: $1) }, small: reader.small)
        return FileResponder().respond(to: request, with: file, context: context)
    }

    func id(_ context: HTTPContext) throws -> Job.ID {
        guard let id = context.parameters.get("id").flatMap({ Job.ID(rawValue: $0) }) else { throw Self.unknown }
        return id
    }

    func dossier(_ id: Job.ID) async throws -> Dossier {
        guard let dossier = try await jobs.dossier(of: id) else { throw Self.unknown }
        return dossier
    }

    /// Without its attempts.
    func brief(_ id: Job.ID) async throws -> Dossier {
        guard let dossier = try await jobs.brief(of: id) else { throw Self.unknown }
        return dossier
    }

    private func brief(
        _ id: Job.ID, with role: Artifact.Role
    ) async throws -> (dossier: Dossier, content: BlobReader?) {
        guard let found = try await jobs.brief(of: id, with: role) else { throw Self.unknown }
        return found
    }

    private static let expired = Problem(
        .expired, "The file was kept for its time, or deleted, and is gone. The job's record stays.")
    private static let unknown = Problem(.notFound, "There is no job with this id.")
}

extension JobRoutes {
    /// Why a job has no file to give.
    static func unavailable(_ job: Job) -> Problem {
        guard job.status.isFinal else {
            return Problem(
                .notFinished,
                "The job is \(job.status.rawValue). Ask again, or wait with \(JobView.address(job.id))?wait=30.",
                headers: [.retryAfter: "1"])
        }
        return Problem(
            .notSucceeded, job.failure?.message ?? "The job was \(job.status.rawValue).",
            extensions: ["failure": .failure(job.failure)])
    }

    private static let longestWait = 60

    /// The seconds of `?wait=`.
    private static func patience(_ request: Request) throws -> Int? {
        guard let text = request.uri.queryParameters["wait"] else { return nil }
        guard let seconds = Int(text), (0...longestWait).contains(seconds) else {
            throw Problem(.malformedRequest, "wait must be a whole number of seconds from 0 to \(longestWait).")
        }
        return seconds
    }
}
