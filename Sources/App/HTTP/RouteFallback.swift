import HTTPTypes
import Hummingbird

/// What answers when no route does: 405 with `Allow` where the path exists with other methods, 204 to `OPTIONS` there,
/// else 404. Add it as the router's last middleware, after all routes: there it sees only what none of them took.
/// It asks a router of the same paths, so that it and the routes agree on which path is meant.
struct RouteFallback: RouterMiddleware {
    typealias Context = HTTPContext

    private let paths: RouterResponder<HTTPContext>

    init(after router: Router<HTTPContext>) {
        let paths = Router(context: HTTPContext.self)
        for (path, routes) in Dictionary(grouping: router.routes, by: \.path.description) {
            let allow = Self.allow(routes.map(\.method))
            paths.get(RouterPath(path)) { _, _ in Response(status: .noContent, headers: [.allow: allow]) }
        }
        self.paths = paths.buildResponder()
    }

    func handle(
        _ request: Request, context: HTTPContext,
        next: (Request, HTTPContext) async throws -> Response
    ) async throws -> Response {
        var head = request.head
        head.method = .get
        let answer = try await paths.respond(to: Request(head: head, body: request.body), context: context)
        guard let allow = answer.headers[.allow] else { throw Problem(.notFound) }
        if request.method == .options { return answer }
        throw Problem(
            .methodNotAllowed, "\(request.method.rawValue) is not among \(allow).", headers: [.allow: allow])
    }

    /// The methods in alphabetical order, with `HEAD` wherever there is `GET`, and `OPTIONS`.
    static func allow(_ methods: [HTTPRequest.Method]) -> String {
        var names = Set(methods.map(\.rawValue))
        if names.contains("GET") { names.insert("HEAD") }
        names.insert("OPTIONS")
        return names.sorted().joined(separator: ", ")
    }
}
