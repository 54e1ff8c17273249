import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Testing

@testable import App

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
            ])
    }

    @Test(arguments: [
        (200, "/api/jobs", Logger.Level.info), (304, "/api/jobs", .info), (404, "/api/jobs", .warning),
        (500, "/api/jobs", .error), (200, "/live", .debug), (200, "/ready", .debug), (503, "/ready", .warning),
        (200, "/health/liveness", .debug), (200, "/api/health", .debug), (200, "/metrics", .debug),
        (200, "/lively", .info),
    ])
    func `what fails is loud and what probes ask is quiet`(status: Int, path: String, level: Logger.Level) {
        #expect(AccessLog.level(of: HTTPResponse.Status(code: status), at: path) == level)
    }
}
