import HTTPTypes
import Hummingbird
import Testing

@testable import App

/// How many requests a client has, and when it gets them back.
@Suite(.timeLimit(.minutes(5)))
struct RateLimiterTests {
    private let limit = RateLimit(count: 10, window: .seconds(60))
    private let second: Int64 = 1_000_000_000

    private func address(_ number: UInt32) -> IPAddress { IPAddress(v4: number) }

    @Test func `all requests may come at once, one more is refused until one is given back`() {
        let limiter = RateLimiter(limit)
        let remaining = (0..<10).map { _ in limiter.take(address(1), at: 0).remaining }
        #expect(remaining == Array((0..<10).reversed()))
        let refused = limiter.take(address(1), at: 0)
        #expect(!refused.isAllowed && refused.retryAfter == .seconds(6) && refused.reset == .seconds(60))
        #expect(!limiter.take(address(1), at: 6 * second - 1).isAllowed)
        #expect(limiter.take(address(1), at: 6 * second).isAllowed)
        #expect(!limiter.take(address(1), at: 6 * second).isAllowed)
    }

    @Test func `what is refused costs nothing, and after a whole window all are there again`() {
        let limiter = RateLimiter(limit)
        for _ in 0..<50 { _ = limiter.take(address(1), at: 0) }
        #expect(limiter.look(address(1), at: 60 * second).remaining == 10)
        #expect((0..<20).filter { _ in limiter.take(address(1), at: 61 * second).isAllowed }.count == 10)
    }

    @Test(arguments: [1, 7, 100, 999_983])
    func `any limit gives exactly its number`(count: Int) {
        let limiter = RateLimiter(RateLimit(count: count, window: .seconds(60)))
        let tries = min(count, 1000)
        #expect((0..<tries).allSatisfy { _ in limiter.take(address(1), at: 5).isAllowed })
        if count == tries { #expect(!limiter.take(address(1), at: 5).isAllowed) }
    }

    @Test func `clients do not share`() {
        let limiter = RateLimiter(limit)
        for _ in 0..<10 { _ = limiter.take(address(1), at: 0) }
        #expect(limiter.take(address(2), at: 0).isAllowed && !limiter.take(address(1), at: 0).isAllowed)
    }

    @Test func `a flood of addresses neither frees who has used up his requests, nor takes memory`() {
        let limiter = RateLimiter(limit, sets: 16)
        for _ in 0..<10 { _ = limiter.take(address(1), at: 0) }
        for number in 2..<100_000 { _ = limiter.take(address(UInt32(number)), at: 0) }
        #expect(!limiter.take(address(1), at: 0).isAllowed)
    }

    private func edge(general: Int? = nil, strict: Int? = nil) -> Edge {
        var policy = Edge.Policy()
        policy.general = general.map { RateLimit(count: $0, window: .seconds(60)) }
        policy.strict = strict.map { RateLimit(count: $0, window: .seconds(60)) }
        return Edge(policy: policy) { router in
            for path in ["live", "api/health", "metrics", "openapi.yaml", "", "api/jobs"] {
                router.get(RouterPath(path)) { _, _ in "hello" }
            }
            router.post("api/convert") { _, _ -> String in throw Problem(.tooLarge) }
        }
    }

    @Test func `whoever is too fast is told when to come back, in every form that there is`() async throws {
        try await edge(general: 2).live { client in
            let first = try await client.get("/api/jobs")
            #expect(first.headers[.rateLimitPolicy] == "\"general\";q=2;w=60")
            #expect(first.headers[.rateLimit] == "\"general\";r=1;t=30")
            #expect(first.headers[.xRateLimitLimit] == "2" && first.headers[.xRateLimitRemaining] == "1")
            _ = try await client.get("/api/nothing")
            let refused = try await client.get("/api/jobs")
            #expect(refused.status == .tooManyRequests && refused.headers[.contentType] == "application/problem+json")
            #expect(try refused.json.code.string == "rateLimited" && refused.json.policy.string == "general")
            #expect(refused.headers[.retryAfter].flatMap { Int($0) }.map { (1...30).contains($0) } == true)
            #expect(refused.headers[.rateLimit]?.hasPrefix("\"general\";r=0;t=") == true)
            #expect(refused.headers[.xRateLimitReset].flatMap { Int($0) }.map { $0 > 1_700_000_000 } == true)
        }
    }

    @Test func `conversions have a limit of their own besides, and errors count too`() async throws {
        try await edge(general: 5, strict: 1).live { client in
            let first = try await client.execute(.post, "/api/convert", body: [1])
            #expect(first.status == .contentTooLarge)
            #expect(first.headers[.rateLimitPolicy] == "\"general\";q=5;w=60, \"strict\";q=1;w=60")
            #expect(first.headers[.xRateLimitLimit] == "1")
            let refused = try await client.execute(.post, "/api//convert/", body: [1])
            #expect(try refused.status == .tooManyRequests && refused.json.policy.string == "strict")
            // What the one refuses does not count with the other.
            #expect(try await client.get("/api/jobs").headers[.rateLimit]?.hasPrefix("\"general\";r=3;") == true)
        }
    }

    @Test(arguments: ["/live", "/api/health", "/metrics", "/openapi.yaml", "/"])
    func `probes and the page are free`(path: String) async throws {
        try await edge(general: 1).live { client in
            _ = try await client.get("/api/jobs")
            for _ in 0..<3 {
                let answer = try await client.get(path)
                #expect(answer.status == .ok && answer.headers[.rateLimit] == nil)
            }
            #expect(try await client.execute(.options, "/api/jobs").status == .noContent)
        }
    }
}
