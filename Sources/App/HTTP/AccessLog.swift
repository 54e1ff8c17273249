import HTTPTypes
import Hummingbird
import Logging

/// One line per request. Its duration runs until the head of the response is ready: a download goes on after it.
/// The query stays out of the line, since it may carry a client's file name.
struct AccessLog: RouterMiddleware {
    typealias Context = HTTPContext

    private static let longestPath = 256

    let logger: Logger

    func handle(
        _ request: Request, context: HTTPContext,
        next: (Request, HTTPContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        let response = try await next(request, context)
        let duration = ContinuousClock.now - start
        logger.log(
            level: Self.level(of: response.status, at: request.uri.path), "request",
            metadata: metadata(of: request, response, after: duration, in: context))
        return response
    }

    private func metadata(
        of request: Request, _ response: Response, after duration: Duration, in context: HTTPContext
    ) -> Logger.Metadata {
        var metadata: Logger.Metadata = [
            "request": .string(context.requestId),
            "method": .string(request.method.rawValue),
            "path": .string(String(request.uri.path.prefix(Self.longestPath))),
            "status": .stringConvertible(response.status.code),
            "duration": .stringConvertible((duration / .milliseconds(1) * 100).rounded() / 100),
        ]
        if let bytes = response.body.contentLength {
            metadata["bytes"] = .stringConvertible(bytes)
        }
        return metadata
    }

    /// What fails is loud, what probes ask every few seconds is quiet, unless it fails.
    static func level(of status: HTTPResponse.Status, at path: String) -> Logger.Level {
        switch status.code {
        // Stopping, or not ready: it passes by itself, and whoever asked looks after it.
        case 503: .warning
        case 500...: .error
        case 400...: .warning
        default: isProbe(path) ? .debug : .info
        }
    }

    private static func isProbe(_ path: String) -> Bool {
        ["/live", "/ready", "/metrics"].contains(path) || path.hasPrefix("/health") || path.hasPrefix("/api/health")
    }
}
