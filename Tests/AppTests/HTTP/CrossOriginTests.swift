import HTTPTypes
import Hummingbird
import Testing

@testable import App

/// What browsers may do here for pages that are not ours, and what they are told of every answer.
@Suite(.timeLimit(.minutes(5)))
struct CrossOriginTests {
    private static let site = HTTPField.Name("Sec-Fetch-Site")

    private func edge(_ origins: [String], isProduction: Bool = false) -> Edge {
        var policy = Edge.Policy()
        policy.origins = AllowedOrigins(rules: origins.compactMap { AllowedOrigins.Rule($0) })
        policy.isProduction = isProduction
        return Edge(policy: policy) { router in
            router.get("thing") { _, _ in "hello" }
            router.post("thing") { _, _ in "done" }
        }
    }

    @Test(arguments: [
        ("https://app.example.com", "https://app.example.com", true),
        ("https://app.example.com", "https://APP.example.com:443", true),
        ("https://app.example.com/", "https://app.example.com", true),
        ("https://app.example.com", "http://app.example.com", false),
        ("https://app.example.com", "https://app.example.com:8443", false), ("https://app.example.com", "null", false),
        ("https://*.example.com", "https://a.example.com", true),
        ("https://*.example.com", "https://a.b.example.com", true),
        ("https://*.example.com", "https://example.com", false),
        ("https://*.example.com", "https://badexample.com", false),
        ("https://*.example.com", "https://a.example.com.evil.org", false),
        ("http://localhost:5173", "http://localhost:5173", true),
        ("*", "https://anywhere.org", true), ("*", "null", true), ("http://[::1]:8080", "http://[::1]:8080", true),
    ])
    func `an origin is allowed exactly, or by the domain it is below`(rule: String, origin: String, isAllowed: Bool)
        throws
    {
        let allowed = AllowedOrigins(rules: [try #require(AllowedOrigins.Rule(rule))])
        #expect(allowed.allow(origin) == isAllowed)
    }

    @Test(arguments: [
        "example.com", "https://", "https://a/b", "ftp://a", "https://a:0", "https://a*.b", "https://*.*.b", "**",
    ])
    func `anything else is no origin`(text: String) {
        #expect(AllowedOrigins.Rule(text) == nil)
    }

    @Test func `a page of an allowed site reads the answer, and the fields it needs`() async throws {
        try await edge(["https://app.example.com"]).live { client in
            for path in ["/thing", "/nothing"] {
                let answer = try await client.get(path, headers: [.origin: "https://app.example.com"])
                #expect(answer.headers[.accessControlAllowOrigin] == "https://app.example.com")
                #expect(answer.headers[.vary]?.contains("Origin") == true)
                let exposed = try #require(answer.headers[.accessControlExposeHeaders])
                for name in [
                    "Content-Length", "Content-Disposition", "ETag", "Location", "X-Request-Id", "RateLimit",
                    "Upload-Offset",
                ] {
                    #expect(exposed.split(separator: ", ").contains { $0 == name })
                }
            }
            #expect(
                try await client.execute(.post, "/thing", headers: [.origin: "https://app.example.com"]).status == .ok)
        }
    }

    @Test func `a page of another site reads nothing, and whoever is no page passes`() async throws {
        try await edge(["https://app.example.com"]).live { client in
            let answer = try await client.get("/thing", headers: [.origin: "https://evil.org"])
            #expect(answer.status == .ok && answer.headers[.accessControlAllowOrigin] == nil)
            #expect(answer.headers[.vary]?.contains("Origin") == true)
            #expect(try await client.execute(.post, "/thing").status == .ok)
        }
    }

    @Test func `a preflight is answered once for a day, or refused`() async throws {
        try await edge(["https://*.example.com"]).live { client in
            var fields: HTTPFields = [.origin: "https://app.example.com", .accessControlRequestMethod: "POST"]
            let answer = try await client.execute(.options, "/thing", headers: fields)
            #expect(answer.status == .noContent && answer.headers[.accessControlMaxAge] == "86400")
            #expect(answer.headers[.accessControlAllowMethods]?.contains("PATCH") == true)
            #expect(answer.headers[.accessControlAllowHeaders]?.contains("Upload-Offset") == true)
            fields[.origin] = "https://evil.org"
            let refused = try await client.execute(.options, "/thing", headers: fields)
            #expect(try refused.status == .forbidden && refused.json.code.string == "foreignOrigin")
        }
    }

    @Test(
        arguments: [
            ("cross-site", "https://evil.org", 403), ("same-site", "http://other.127.0.0.1", 403),
            ("cross-site", nil, 403),
            ("same-origin", "http://127.0.0.1", 200), ("none", nil, 200), (nil, "https://evil.org", 403),
            (nil, "null", 403),
            (nil, nil, 200), ("cross-site", "https://app.example.com", 200),
        ] as [(String?, String?, Int)])
    func `what a browser posts for another site is refused`(site: String?, origin: String?, status: Int) async throws {
        var fields: HTTPFields = [:]
        if let site { fields[try #require(Self.site)] = site }
        if let origin { fields[.origin] = origin }
        let headers = fields
        try await edge(["https://app.example.com"]).live { client in
            let posted = try await client.execute(.post, "/thing", headers: headers)
            let got = try await client.get("/thing", headers: headers)
            #expect(posted.status.code == status && got.status == .ok)
        }
    }

    @Test func `our own page posts, also where the browser tells only the origin`() async throws {
        try await edge([]).live { client in
            let own: HTTPFields = [.origin: "http://127.0.0.1:\(client.port)"]
            let other: HTTPFields = [.origin: "http://127.0.0.1:1"]
            let (first, second) = (
                try await client.execute(.post, "/thing", headers: own),
                try await client.execute(.post, "/thing", headers: other)
            )
            #expect(first.status == .ok && second.status == .forbidden)
        }
    }

    @Test(arguments: [true, false]) func `every answer tells browsers what they may not do with it`(isProduction: Bool)
        async throws
    {
        try await edge([], isProduction: isProduction).live { client in
            for path in ["/thing", "/nothing"] {
                let headers = try await client.get(path).headers
                #expect(headers[.xContentTypeOptions] == "nosniff" && headers[.referrerPolicy] == "no-referrer")
                #expect(headers[.contentSecurityPolicy] == "default-src 'none'; frame-ancestors 'none'")
                #expect(headers[try #require(HTTPField.Name("X-Frame-Options"))] == "DENY")
                #expect(headers[try #require(HTTPField.Name("Permissions-Policy"))]?.contains("camera=()") == true)
                #expect((headers[.strictTransportSecurity] != nil) == isProduction)
            }
        }
    }
}
