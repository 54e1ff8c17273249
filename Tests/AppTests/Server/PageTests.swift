import Crypto
import Foundation
import HTTPTypes
import TestSupport
import Testing

@testable import App

@Suite(.timeLimit(.minutes(5)))
struct PageTests {
    @Test func `the page runs its own script and style, by their hashes, and nothing else`() async throws {
        try await KilnServer.run { kiln in
            let answer = try await kiln.get("/")
            let policy = try #require(answer.headers[.contentSecurityPolicy])
            #expect(answer.headers[.contentType] == "text/html; charset=utf-8")
            #expect(policy.contains("default-src 'none'") && !policy.contains("unsafe"))
            for element in ["script", "style"] {
                let parts = answer.text.components(separatedBy: "<\(element)")
                #expect(parts.count == 2 && parts[1].hasPrefix(">"), "one <\(element)>, without attributes")
                let content = try #require(parts.last?.dropFirst().components(separatedBy: "</\(element)>").first)
                let hash = Data(SHA256.hash(data: Data(content.utf8))).base64EncodedString()
                #expect(policy.contains("\(element)-src 'sha256-\(hash)'"))
            }
            #expect(answer.text.matches(of: /\ (on[a-z]+|style)="/).isEmpty, "what the policy would not run")
        }
    }

    @Test func `a browser that has page and contract already is told so`() async throws {
        try await KilnServer.run { kiln in
            for (path, type) in [("/", "text/html; charset=utf-8"), ("/openapi.yaml", "application/yaml")] {
                let answer = try await kiln.get(path)
                #expect(answer.status == .ok && answer.headers[.contentType] == type)
                let tag = try #require(answer.headers[.eTag])
                #expect(try await kiln.get(path, headers: [.ifNoneMatch: tag]).status == .notModified)
                #expect(try await kiln.execute(.head, path).headers[.contentLength] == "\(answer.body.count)")
            }
        }
    }
}
