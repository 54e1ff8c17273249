import HTTPTypes
import Hummingbird

/// Lets pages of allowed sites use the API (CORS, Fetch Standard section 3.3), and refuses what a browser sends for a
/// page of any other site that would change something. What carries no `Origin` comes from no page, and passes.
struct CrossOrigin: RouterMiddleware {
    typealias Context = HTTPContext

    let allowed: AllowedOrigins

    private static let methods = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
    private static let requestFields = """
        Authorization, Cache-Control, Content-Type, Idempotency-Key, If-Match, If-Modified-Since, If-None-Match, If-Range, \
        If-Unmodified-Since, Last-Event-ID, Range, Tus-Resumable, Upload-Checksum, Upload-Concat, Upload-Defer-Length, \
        Upload-Length, Upload-Metadata, Upload-Offset, X-Request-Id, traceparent, tracestate
        """
    private static let responseFields = """
        Content-Disposition, Content-Length, Content-Range, ETag, Location, RateLimit, RateLimit-Policy, Retry-After, \
        Tus-Checksum-Algorithm, Tus-Extension, Tus-Max-Size, Tus-Resumable, Tus-Version, Upload-Expires, Upload-Length, \
        Upload-Metadata, Upload-Offset, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, X-Request-Id, \
        traceresponse
        """

    func handle(
        _ request: Request, context: HTTPContext,
        next: (Request, HTTPContext) async throws -> Response
    ) async throws -> Response {
        let origin = request.headers[.origin]
        let isAllowed = origin.map(allowed.allow) ?? false
        var response = try await answer(request, context, isAllowed: isAllowed, next)
        if !allowed.rules.isEmpty, !allowed.hasAny { response.headers.vary(by: "Origin") }
        if let origin, isAllowed {
            response.headers[.accessControlAllowOrigin] = allowed.hasAny ? "*" : origin
            response.headers[.accessControlExposeHeaders] = Self.responseFields
        }
        return response
    }

    private func answer(
        _ request: Request, _ context: HTTPContext, isAllowed: Bool,
        _ next: (Request, HTTPContext) async throws -> Response
    ) async throws -> Response {
        if request.method == .options, request.headers[.accessControlRequestMethod] != nil,
            request.headers[.origin] != nil
        {
            guard isAllowed else { return Self.refusal.response(requestId: context.requestId) }
            return Response(
                status: .noContent,
                headers: [
                    .accessControlAllowMethods: Self.methods, .accessControlAllowHeaders: Self.requestFields,
                    .accessControlMaxAge: "86400",
                ])
        }
        if !Self.isSafe(request.method), !isAllowed, Self.isForeign(request) {
            return Self.refusal.response(requestId: context.requestId)
        }
        return try await next(request, context)
    }

    /// RFC 9110, section 9.2.1: these change nothing here.
    private static func isSafe(_ method: HTTPRequest.Method) -> Bool {
        [.get, .head, .options].contains(method)
    }

    /// Whether a browser sends it for a page that is not ours (Fetch Metadata, section 2.1; older ones send `Origin`
    /// alone).
    static func isForeign(_ request: Request) -> Bool {
        switch request.headers[.secFetchSite] {
        case "cross-site", "same-site": return true
        case "same-origin", "none": return false
        default: break
        }
        guard let origin = request.headers[.origin] else { return false }
        guard let place = Origin(origin), let host = request.head.authority else { return true }
        return !place.isAt(host: host)
    }

    private static let refusal = Problem(
        .foreignOrigin, "Pages of other sites may not do this. An operator can name them in ALLOWED_ORIGINS.")
}

extension Problem.Kind {
    static let foreignOrigin = Self("foreignOrigin", .forbidden, "The request comes from another site")
}

extension HTTPFields {
    /// Adds a word to `Vary` that is not there yet.
    mutating func vary(by name: String) {
        let present =
            self[.vary].map { $0.split(separator: ",").map { $0.filter { !$0.isWhitespace }.lowercased() } } ?? []
        guard !present.contains(name.lowercased()) else { return }
        self[.vary] = (self[.vary].map { $0 + ", " } ?? "") + name
    }
}

extension HTTPField.Name {
    // The literal is a valid token, so the initializer cannot fail.
    // swift-format-ignore: NeverForceUnwrap
    fileprivate static let secFetchSite = HTTPField.Name("Sec-Fetch-Site")!
}
