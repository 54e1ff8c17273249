import HTTPTypes
import Hummingbird

/// Lets operators through: everybody on the unix socket, which only the server's own user can open, and over the
/// network whoever has the token (RFC 6750). Without a token, nobody there.
struct OperatorGate: RouterMiddleware {
    typealias Context = HTTPContext

    /// How a request came.
    enum Door: Sendable {
        case socket
        case network(token: Secret?)

        var isSocket: Bool { if case .socket = self { true } else { false } }
    }

    let door: Door

    func handle(
        _ request: Request, context: HTTPContext,
        next: (Request, HTTPContext) async throws -> Response
    ) async throws -> Response {
        if case .network(let token) = door {
            guard let token else {
                throw Problem(
                    .operatorsOnly,
                    "Operators use the command line on the server's machine, or set ADMIN_TOKEN to come this way.")
            }
            guard Self.isSame(request.headers[.authorization] ?? "", "Bearer \(token.revealed)") else {
                throw Problem(
                    .unauthorized, "Send the operator's token, as in Authorization: Bearer TOKEN.",
                    headers: [.wwwAuthenticate: "Bearer realm=\"kiln\""])
            }
        }
        return try await next(request, context)
    }

    /// Takes as long for a guess that is nearly right as for any other of its length.
    static func isSame(_ guess: String, _ secret: String) -> Bool {
        let (guess, secret) = (Array(guess.utf8), Array(secret.utf8))
        var difference = UInt8(guess.count == secret.count ? 0 : 1)
        for index in guess.indices { difference |= guess[index] ^ secret[index % secret.count] }
        return difference == 0
    }
}

extension Problem.Kind {
    static let unauthorized = Self("unauthorized", .unauthorized, "This is for operators")
    static let operatorsOnly = Self("operatorsOnly", .forbidden, "This is for operators")
}
