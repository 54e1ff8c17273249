import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Testing

@testable import App

/// The edge with a test's own routes behind it.
func edge(
    limits: Conversation.Limits = Conversation.Limits(), logger: Logger = .quiet,
    onServerRunning: @escaping @Sendable (any Channel) async -> Void = { _ in },
    routes: (Router<HTTPContext>) -> Void
) -> some ApplicationProtocol {
    let router = Router(context: HTTPContext.self, options: .autoGenerateHeadEndpoints)
    router.addMiddleware {
        RequestIdentity()
        AccessLog(logger: logger)
        ProblemMiddleware(logger: logger)
        Expectations()
    }
    routes(router)
    router.add(middleware: RouteFallback(after: router))
    return Application(
        router: router,
        server: .http1(
            configuration: .init(additionalChannelHandlers: [Conversation(limits: limits)], idleTimeout: .seconds(60))),
        configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
        onServerRunning: onServerRunning,
        logger: .quiet)
}

/// Serves on a free port while `test` talks to it over sockets.
func serving(
    _ limits: Conversation.Limits = Conversation.Limits(), routes: (Router<HTTPContext>) -> Void,
    _ test: @escaping @Sendable (_ port: Int) throws -> Void
) async throws {
    try await edge(limits: limits, routes: routes).test(.live) { client in
        let port = try #require(client.port)
        try await blocking { try test(port) }
    }
}

extension Logger {
    static var quiet: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}
