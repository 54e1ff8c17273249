import HTTPTypes
import Hummingbird

/// Measures every request, until the head of its answer is ready: a download goes on after it, an upload is part of it.
struct RequestMetrics: RouterMiddleware {
    typealias Context = HTTPContext

    let metrics: Metrics

    func handle(
        _ request: Request, context: HTTPContext,
        next: (Request, HTTPContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        let response = try await next(request, context)
        let key = RequestKey(
            method: RequestKey.Method(request.method), route: Self.route(request, context),
            status: response.status.code)
        metrics.requests.observe(.now - start, key)
        return response
    }

    private static func route(_ request: Request, _ context: HTTPContext) -> String {
        guard let path = context.endpointPath, path.hasPrefix("/") else { return RequestKey.nowhere }
        let isWaiting = request.uri.query?.contains("wait=") ?? false
        return isWaiting && path == "/api/jobs/{id}" ? RequestKey.waiting : path
    }
}
