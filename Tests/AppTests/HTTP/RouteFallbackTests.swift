import HTTPTypes
import Hummingbird
import NIOCore
import Testing

@testable import App

struct RouteFallbackTests {
    private func answers(_ test: @escaping @Sendable (LiveServer) async throws -> Void) async throws {
        try await Edge(routes: { router in
            let jobs = router.group("api/jobs")
            jobs.get { _, _ in "list" }
            jobs.get(":id") { _, _ in "one" }
            jobs.delete(":id") { _, _ in "gone" }
            jobs.post("search") { _, _ in "found" }
            jobs.get(":id/result/**") { _, _ in "file" }
        }).live(test)
    }

    @Test(arguments: [
        ("/api/jobs", "GET, HEAD, OPTIONS"), ("/api/jobs/7", "DELETE, GET, HEAD, OPTIONS"),
        ("/api/jobs/search", "OPTIONS, POST"), ("/api/jobs/7/result/a/b", "GET, HEAD, OPTIONS"),
    ])
    func `a path with other methods is 405 and names them`(path: String, allow: String) async throws {
        try await answers { client in
            let refused = try await client.execute(.put, path)
            #expect(refused.status == .methodNotAllowed)
            #expect(refused.headers[.allow] == allow)
            #expect(refused.text.contains("\"code\":\"methodNotAllowed\""))
            let asked = try await client.execute(.options, path)
            #expect(asked.status == .noContent)
            #expect(asked.headers[.allow] == allow)
        }
    }

    @Test(arguments: ["/api", "/api/jobs/7/log", "/apI/jobs", "/api/jobs/7/8/9", "/%2e%2e/"])
    func `a path without any method is 404 whatever the method`(path: String) async throws {
        try await answers { client in
            for method in [HTTPRequest.Method.get, .put, .options] {
                let answer = try await client.execute(method, path)
                #expect(answer.status == .notFound)
                #expect(answer.headers[.allow] == nil)
            }
        }
    }

    @Test func `HEAD is there wherever GET is`() async throws {
        try await answers { client in
            let answer = try await client.execute(.head, "/api/jobs/7")
            #expect(answer.status == .ok)
            #expect(answer.headers[.contentLength] == "3")
            #expect(answer.body.count == 0)
        }
    }
}
