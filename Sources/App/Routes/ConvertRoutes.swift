import HTTPTypes
import Hummingbird
import NIOCore
import Persistence
import Pipeline

/// `POST /api/convert`: an upload becomes a job.
struct ConvertRoutes {
    let intake: Intake
    /// Of one file, in bytes.
    let limit: Int64

    func add(to router: RouterGroup<HTTPContext>) {
        router.post(use: convert)
    }

    @Sendable func convert(_ request: Request, _ context: HTTPContext) async throws -> Response {
        let dossier = try await take(request, context)
        var headers = JSONValue.fields
        headers[.location] = JobView.address(dossier.job.id)
        return Response(status: .accepted, headers: headers, body: JobView(dossier).body)
    }

    private func take(_ request: Request, _ context: HTTPContext) async throws -> Dossier {
        let isForm = request.headers[.contentType]?.lowercased().hasPrefix("multipart/form-data") ?? false
        let arrival = Arrival(
            client: "anonymous", requestId: context.requestId,
            filename: isForm ? nil : request.uri.queryParameters["filename"].flatMap { DisplayName.clean(String($0)) },
            caching: Self.caching(request.headers[values: .cacheControl]))
        let declared = request.headers[.contentLength].flatMap { Int64($0) }
        return try await intake.take(arrival, declaredSize: declared.map { isForm ? withoutFraming($0) : $0 }) {
            upload in
            if isForm {
                try await FormReader(upload: upload).read(request)
            } else {
                try await RawReader(upload: upload).read(request)
            }
        }
    }

    /// The directives of `Cache-Control` (RFC 9111 section 5.2.1) that mean something for an upload; names have no case.
    static func caching(_ fields: [String]) -> Arrival.Caching {
        let directives = fields.flatMap { $0.split(separator: ",") }.map { directive in
            directive.prefix { $0 != "=" }.filter { $0 != " " && $0 != "\t" }.lowercased()
        }
        if directives.contains("no-store") { return .forbidden }
        return directives.contains("no-cache") ? .renewed : .allowed
    }

    /// What the file of a form may at most measure by the form's length: near the limit, only the stream can tell.
    private func withoutFraming(_ length: Int64) -> Int64 {
        max(length - 65_536, min(length, limit))
    }
}
