import Hummingbird
import Logging
import NIOCore

@testable import App

/// The edge with a test's own routes behind it.
struct Edge: Sendable {
    private let responder: RouterResponder<HTTPContext>
    private let limits: Conversation.Limits
    private let headTime, idle: TimeAmount

    /// What settings decide.
    struct Policy {
        var proxies = TrustedProxies(ranges: [])
        var isProduction = false
        var origins = AllowedOrigins(rules: [])
        var general, strict: RateLimit?
        var time = Duration.seconds(10)
    }

    init(
        limits: Conversation.Limits = Conversation.Limits(), headTime: TimeAmount = .seconds(60),
        idle: TimeAmount = .seconds(60), policy: Policy = Policy(), logger: Logger = .quiet,
        routes: (Router<HTTPContext>) -> Void
    ) {
        let router = Router(context: HTTPContext.self, options: .autoGenerateHeadEndpoints)
        router.addMiddleware {
            RequestIdentity(logger: logger, proxies: policy.proxies)
            AccessLog()
            SecurityHeaders(isProduction: policy.isProduction)
            Compression()
            CrossOrigin(allowed: policy.origins)
            RateLimiting(general: policy.general, strict: policy.strict)
            ProblemMiddleware()
            Deadline(time: policy.time)
            Expectations()
        }
        routes(router)
        router.add(middleware: RouteFallback(after: router))
        responder = router.buildResponder()
        self.limits = limits
        self.headTime = headTime
        self.idle = idle
    }

    /// Serves while `test` talks to it.
    func live<Value>(_ test: (LiveServer) async throws -> Value) async throws -> Value {
        try await LiveServer.run(serve: serve, test)
    }

    @Sendable private func serve(_ onRunning: @escaping LiveServer.OnRunning) async throws {
        let application = Application(
            responder: responder,
            server: .http1(
                configuration: .init(
                    additionalChannelHandlers: [
                        HeadWatch(time: headTime, idle: idle), Conversation(limits: limits),
                    ],
                    idleTimeout: .seconds(60),
                    httpDecoderConfiguration: .init(
                        maxHeaderFieldSize: HeadWatch.fieldSize, maxHeaderListSize: HeadWatch.headSize,
                        maxHeaderFieldCount: HeadWatch.fields))),
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { await onRunning($0.localAddress?.port ?? 0) },
            logger: .quiet)
        try await application.run()
    }
}

/// Serves on a free port while `test` talks to it over sockets.
func serving(
    _ limits: Conversation.Limits = Conversation.Limits(), routes: (Router<HTTPContext>) -> Void,
    _ test: @escaping @Sendable (_ port: Int) throws -> Void
) async throws {
    try await Edge(limits: limits, routes: routes).live { live in
        let port = live.port
        try await blocking { try test(port) }
    }
}

extension Logger {
    static var quiet: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}
