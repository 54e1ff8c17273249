import HTTPTypes
import Hummingbird
import NIOCore
import Testing

@testable import App

struct RequestIdentityTests {
    private func id(sent: String?) async throws -> String? {
        let headers: HTTPFields = sent.map { [.requestId: $0] } ?? [:]
        return try await Edge(routes: { $0.get("id") { _, context in context.requestId } }).live { client in
            let answer = try await client.get("/id", headers: headers)
            #expect(answer.headers[.requestId] == answer.text)
            return answer.headers[.requestId]
        }
    }

    @Test(arguments: ["a", "A.b_c-9", String(repeating: "x", count: 64)])
    func `a sane id of the client's is kept`(sent: String) async throws {
        #expect(try await id(sent: sent) == sent)
    }

    @Test(arguments: ["", String(repeating: "x", count: 65), "a b", "a\"b", "é", "a;b"])
    func `any other is replaced by a new one`(sent: String) async throws {
        let id = try #require(try await id(sent: sent))
        #expect(id.wholeMatch(of: /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/) != nil)
    }
}
