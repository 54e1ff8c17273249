import HTTPTypes
import Hummingbird
import Logging

/// Tells who asks, and under which names the request is known: it goes outermost. Every request has an id, the client's
/// own where it is sane, and every response the same id; a trace that the client began goes on.
struct RequestIdentity: RouterMiddleware {
    typealias Context = HTTPContext

    let logger: Logger
    var proxies = TrustedProxies(ranges: [])

    func handle(
        _ request: Request, context: HTTPContext,
        next: (Request, HTTPContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        if let brought = request.headers[.requestId], Self.isSane(brought) {
            context.requestId = brought
        }
        context.client = IPAddress(context.channel.remoteAddress).map { proxies.client(of: request.headers, from: $0) }
        context.logger = logger.child(["request": .string(context.requestId)])
        var response = try await traced(TraceContext(request.headers), request, context, next)
        response.headers[.requestId] = context.requestId
        return response
    }

    private func traced(
        _ trace: TraceContext?, _ request: Request, _ context: HTTPContext,
        _ next: (Request, HTTPContext) async throws -> Response
    ) async throws -> Response {
        guard let trace else { return try await next(request, context) }
        return try await TraceContext.$current.withValue(trace) {
            var response = try await next(request, context)
            response.headers[.traceResponse] = trace.response
            return response
        }
    }

    /// 1 to 64 of `A-Z a-z 0-9 . _ -`: safe in a header, a log line and a row.
    static func isSane(_ id: String) -> Bool {
        (1...64).contains(id.utf8.count)
            && id.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}

extension HTTPField.Name {
    // The literal is a valid token, so the initializer cannot fail.
    // swift-format-ignore: NeverForceUnwrap
    static let requestId = HTTPField.Name("X-Request-Id")!
}
