import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Persistence
import Testing

@testable import App

struct ProblemTests {
    private struct Secret: Error { let path = "/secret/path" }

    @Test func `a problem has the members of RFC 9457 and ours, in a fixed order`() {
        let problem = Problem(.notFound, "No job \"7\".", extensions: ["known": ["glb", 1], "code": "forged"])
        #expect(
            problem.text(requestId: "r1", at: Instant(rawValue: 1500)) == """
                {"type":"urn:kiln:problem:notFound","title":"There is nothing at this address","status":404,\
                "detail":"No job \\"7\\".","code":"notFound","requestId":"r1",\
                "timestamp":"1970-01-01T00:00:01.500Z","known":["glb",1]}

                """)
    }

    @Test(arguments: [
        ("/problem", 413, "tooLarge"), ("/library", 415, "unsupportedMediaType"),
        ("/library400", 400, "malformedRequest"),
        ("/secret", 500, "internal"), ("/nowhere", 404, "notFound"), ("/", 404, "notFound"),
    ])
    func `whatever is thrown is answered as a problem`(path: String, status: Int, code: String) async throws {
        try await Edge(routes: { router in
            router.get("problem") { _, _ -> String in throw Problem(.tooLarge, headers: [.retryAfter: "1"]) }
            router.get("library") { _, _ -> String in throw HTTPError(.unsupportedMediaType, message: "no") }
            router.get("library400") { _, _ -> String in throw HTTPError(.badRequest) }
            router.get("secret") { _, _ -> String in throw Secret() }
        }).live { client in
            let response = try await client.get(path)
            let text = response.text
            #expect(response.status.code == status)
            #expect(response.headers[.contentType] == "application/problem+json")
            #expect(response.headers[.cacheControl] == "no-store")
            #expect(text.contains("\"code\":\"\(code)\""))
            #expect(text.contains("\"requestId\":\"\(response.headers[.requestId] ?? "?")\""))
            #expect(!text.contains("secret/path"))
        }
    }

    @Test func `what nobody foresaw is logged once, in full, with the request`() async throws {
        let log = RecordedLog()
        try await Edge(logger: log.logger, routes: { $0.get("secret") { _, _ -> String in throw Secret() } })
            .live { client in
                _ = try await client.get("/secret", headers: [.requestId: "abc"])
            }
        let errors = log.lines.filter { $0.message == "request failed" }
        #expect(errors.count == 1)
        #expect(errors.first?.metadata["request"] == "abc")
        #expect(errors.first?.metadata["error"]?.description.contains("/secret/path") == true)
    }

    @Test func `text of any kind stays inside its quotes`() {
        #expect(JSONValue.string("a\"b\\c\n\u{1}é\u{2028}").text == "\"a\\\"b\\\\c\\n\\u0001é\u{2028}\"")
        #expect(
            JSONValue.object(["b": .null, "a": .array([.bool(true), .number(.nan), .number(1.5)])]).text
                == "{\"b\":null,\"a\":[true,null,1.5]}")
    }
}
