import HTTPTypes
import Hummingbird
import Logging

/// Gives every request an id, the client's own where it is sane, and every response the same id: it goes outermost.
struct RequestIdentity: RouterMiddleware {
    typealias Context = HTTPContext

    func handle(
        _ request: Request, context: HTTPContext,
        next: (Request, HTTPContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        if let brought = request.headers[.requestId], Self.isSane(brought) {
            context.requestId = brought
        }
        context.logger[metadataKey: "request"] = .string(context.requestId)
        var response = try await next(request, context)
        response.headers[.requestId] = context.requestId
        return response
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
