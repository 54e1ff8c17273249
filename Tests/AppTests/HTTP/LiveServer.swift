import Logging
import ServiceLifecycle

@testable import App

/// What serves on a free port of this machine while a test talks to it.
struct LiveServer: Served {
    typealias OnRunning = @Sendable (_ port: Int) async -> Void

    /// The server ended before it could be talked to.
    struct NeverRan: Error {}

    let port: Int
    private let services: ServiceGroup

    /// Runs `serve` until `test` is done, and then stops it politely. `serve` tells the port it was given.
    static func run<Value>(
        serve: @escaping @Sendable (_ onRunning: @escaping OnRunning) async throws -> Void,
        _ test: (LiveServer) async throws -> Value
    ) async throws -> Value {
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let serving = Serving(serve: serve, port: port)
        let services = ServiceGroup(
            configuration: .init(
                services: [.init(service: serving, successTerminationBehavior: .gracefullyShutdownGroup)],
                logger: .quiet))
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await services.run() }
            guard let port = await ports.first(where: { _ in true }) else {
                try await group.waitForAll()
                throw NeverRan()
            }
            let result: Result<Value, any Error>
            do {
                result = .success(try await test(LiveServer(port: port, services: services)))
            } catch {
                result = .failure(error)
            }
            await services.triggerGracefulShutdown()
            try await group.waitForAll()
            return try result.get()
        }
    }

    /// Begins the polite stop.
    func stop() async {
        await services.triggerGracefulShutdown()
    }
}

private struct Serving: Service {
    let serve: @Sendable (_ onRunning: @escaping LiveServer.OnRunning) async throws -> Void
    let port: AsyncStream<Int>.Continuation

    func run() async throws {
        defer { port.finish() }
        try await serve { port.yield($0) }
    }
}
