import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import TestSupport
import Testing

@testable import App

@Suite(.timeLimit(.minutes(5)))
struct AccessLogTests {
    @Test func `a request leaves one line with what an operator asks for`() async throws {
        let log = RecordedLog()
        try await Edge(logger: log.logger, routes: { $0.get("hello") { _, _ in "hello" } }).live { client in
            _ = try await client.get("/hello?name=private.stl", headers: [.requestId: "abc"])
        }
        let line = try #require(log.lines.first)
        #expect(log.lines.count == 1 && line.level == .info && line.message == "request")
        #expect(line.metadata["duration"] != nil)
        #expect(
            line.metadata.filter { $0.key != "duration" } == [
                "request": "abc", "method": "GET", "path": "/hello", "status": "200", "bytes": "5",
                "client": "127.0.0.1",
            ])
    }

    @Test func `a long answer is measured as it is sent`() async throws {
        let log = RecordedLog()
        let long = ByteBuffer(repeating: 7, count: 300_000)
        try await Edge(
            logger: log.logger,
            routes: { router in
                router.get("long") { _, _ in
                    Response(
                        status: .ok,
                        body: ResponseBody { writer in
                            try await writer.write(long)
                            try await writer.write(long)
                            try await writer.finish(nil)
                        })
                }
            }
        ).live { client in
            _ = try await client.get("/long")
            try await eventually { !log.lines.isEmpty }
        }
        #expect(log.lines.map { $0.metadata["bytes"] } == ["600000"])
    }

    @Test func `behind a trusted proxy, the client is who the proxy says`() async throws {
        let log = RecordedLog()
        var policy = Edge.Policy()
        policy.proxies = TrustedProxies(ranges: [IPRange("127.0.0.0/8")].compactMap(\.self))
        let forwarded = try #require(HTTPField.Name("X-Forwarded-For"))
        try await Edge(policy: policy, logger: log.logger, routes: { $0.get("hello") { _, _ in "hello" } }).live {
            client in
            _ = try await client.get("/hello", headers: [forwarded: "203.0.113.9"])
        }
        #expect(log.lines.map { $0.metadata["client"] } == ["203.0.113.9"])
    }

    @Test(arguments: [
        (200, "/api/jobs", Logger.Level.info), (304, "/api/jobs", .info), (404, "/api/jobs", .warning),
        (500, "/api/jobs", .error), (503, "/api/jobs", .error), (200, "/live", .debug), (200, "/ready", .debug),
        (503, "/ready", .warning), (200, "/health/liveness", .debug), (200, "/api/health", .debug),
        (200, "/metrics", .debug), (200, "/lively", .info),
    ])
    func `what fails is loud and what probes ask is quiet`(status: Int, path: String, level: Logger.Level) {
        let kind = RequestKind(.get, path: path)
        #expect(AccessLog.level(of: HTTPResponse.Status(code: status), at: kind) == level)
    }
}
