import HTTPTypes
import Logging
import ServiceLifecycle

@testable import App

/// What serves on a free port of this machine while a test talks to it.
struct LiveServer: Sendable {
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

    func get(_ path: String, headers: HTTPFields = [:]) async throws -> Answer {
        try await execute(.get, path, headers: headers)
    }

    /// One request on a connection of its own.
    func execute(
        _ method: HTTPRequest.Method, _ path: String, headers: HTTPFields = [:], body: [UInt8]? = nil
    ) async throws -> Answer {
        let port = port
        return try await blocking {
            let client = try RawClient(port: port)
            var fields = headers.map { "\($0.name.rawName): \($0.value)" } + ["Connection: close"]
            if let body { fields.append("Content-Length: \(body.count)") }
            let lines = ["\(method.rawValue) \(path) HTTP/1.1", "Host: 127.0.0.1:\(port)"] + fields
            try client.send(lines.joined(separator: "\r\n") + "\r\n\r\n")
            // A server that refuses in the middle takes only a part.
            if let body, !body.isEmpty { _ = client.send(body, upTo: body.count) }
            return try Answer(from: client)
        }
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
