import HTTPTypes
import Hummingbird
import Synchronization
import Testing

@testable import App

/// How long an ordinary request may take.
@Suite(.timeLimit(.minutes(5)))
struct DeadlineTests {
    private func edge(_ routes: @escaping (Router<HTTPContext>) -> Void) -> Edge {
        var policy = Edge.Policy()
        policy.time = .milliseconds(300)
        return Edge(policy: policy, routes: routes)
    }

    @Test func `a route that does not come to an end is cancelled, and answered for`() async throws {
        let wasCancelled = Mutex(false)
        try await edge { router in
            router.get("slow") { _, _ -> String in
                do {
                    try await Task.sleep(for: .seconds(60))
                } catch {
                    wasCancelled.withLock { $0 = true }
                    throw error
                }
                return "at last"
            }
        }.live { client in
            let answer = try await client.get("/slow")
            #expect(try answer.status == .serviceUnavailable && answer.json.code.string == "overloaded")
            #expect(answer.headers[.retryAfter] == "10" && wasCancelled.withLock { $0 })
        }
    }

    @Test func `a body that does not come is 408`() async throws {
        try await edge { $0.post("plan", use: measure) }.live { live in
            let port = live.port
            try await blocking {
                let client = try RawClient(port: port)
                try client.send(head("POST", "/plan", "Content-Length: 10") + "half")
                let answer = try Answer(from: client)
                #expect(try answer.status == .requestTimeout && answer.json.code.string == "requestTimeout")
                #expect(answer.headers[.connection] == "close")
            }
        }
    }

    @Test func `what takes its time on purpose is left alone`() async throws {
        try await edge { router in
            for path in ["api/jobs/:id", "api/jobs/:id/result"] {
                router.get(RouterPath(path)) { _, _ in
                    try await Task.sleep(for: .milliseconds(600))
                    return "hello"
                }
            }
        }.live { client in
            for path in ["/api/jobs/1?wait=5", "/api/jobs/1/result"] {
                let answer = try await client.get(path)
                #expect(answer.text == "hello")
            }
            let late = try await client.get("/api/jobs/1")
            #expect(late.status == .serviceUnavailable)
        }
    }

    @Test(arguments: [
        ("POST", "/api/convert", true, true), ("POST", "//api//convert/", true, true),
        ("GET", "/api/convert", false, false),
        ("POST", "/api/jobs/1/retry", true, false), ("GET", "/api/jobs/1/result", false, true),
        ("GET", "/api/jobs/1/preview", false, true), ("GET", "/api/jobs", false, false),
        ("POST", "/api/plan", false, false),
        ("POST", "/api/jobs/retry", false, false),
    ])
    func `the kind of a request is told by its method and path`(
        method: String, path: String, makesJob: Bool, takesItsTime: Bool
    ) throws {
        let kind = RequestKind(try #require(HTTPRequest.Method(method)), path: path)
        #expect(kind.makesJob == makesJob && kind.takesItsTime == takesItsTime && !kind.isProbe && !kind.isStatic)
    }
}
