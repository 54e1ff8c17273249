import HTTPTypes
import Hummingbird

/// What browsers are told of every answer: guess no types, show it in no frame, tell nobody where the user was, and use
/// nothing of the device. An answer that says more of itself, as page and files do, keeps what it says.
struct SecurityHeaders: RouterMiddleware {
    typealias Context = HTTPContext

    private let fields: HTTPFields

    /// - Parameter isProduction: then browsers are told to come by TLS for a year (RFC 6797); they only believe it where they
    ///   came by TLS already.
    init(isProduction: Bool) {
        var fields: HTTPFields = [
            .xContentTypeOptions: "nosniff",
            .contentSecurityPolicy: "default-src 'none'; frame-ancestors 'none'",
            .referrerPolicy: "no-referrer",
            .frameOptions: "DENY",
            .permissionsPolicy: "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
        ]
        if isProduction { fields[.strictTransportSecurity] = "max-age=31536000" }
        self.fields = fields
    }

    func handle(
        _ request: Request, context: HTTPContext,
        next: (Request, HTTPContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        for field in fields where !response.headers.contains(field.name) { response.headers.append(field) }
        return response
    }
}

extension HTTPField.Name {
    // The literals are valid tokens, so the initializers cannot fail.
    // swift-format-ignore: NeverForceUnwrap
    static let referrerPolicy = HTTPField.Name("Referrer-Policy")!
    // swift-format-ignore: NeverForceUnwrap
    fileprivate static let frameOptions = HTTPField.Name("X-Frame-Options")!
    // swift-format-ignore: NeverForceUnwrap
    fileprivate static let permissionsPolicy = HTTPField.Name("Permissions-Policy")!
}
