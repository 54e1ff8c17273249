import HTTPTypes
import TestSupport
import Testing

@testable import App

@Suite(.timeLimit(.minutes(5)))
struct AddressTests {
    @Test func `a job that nobody knows is 404, whatever is asked of it`() async throws {
        try await KilnServer.run { kiln in
            for id in ["01935000-0000-7000-8000-000000000000", "7", "..%2f..", "%00"] {
                for part in ["", "/result", "/source", "/log", "/events", "/preview", "?wait=1"] {
                    let answer = try await kiln.get("/api/jobs/\(id)\(part)")
                    #expect(answer.status == .notFound, "\(id)\(part)")
                    #expect(try answer.json.code.string == "notFound")
                }
            }
        }
    }

    private static let wrongMethods: [(path: String, method: HTTPRequest.Method, allow: String)] = [
        ("/api/convert", .get, "OPTIONS, POST"), ("/api/jobs", .post, "GET, HEAD, OPTIONS"),
        ("/api/jobs/7/result", .delete, "GET, HEAD, OPTIONS"), ("/api/plan", .get, "OPTIONS, POST"),
        ("/health", .post, "GET, HEAD, OPTIONS"), ("/", .put, "GET, HEAD, OPTIONS"),
    ]

    @Test func `a method that an address does not have is 405 with those it has`() async throws {
        try await KilnServer.run { kiln in
            for (path, method, allow) in Self.wrongMethods {
                let answer = try await kiln.execute(method, path)
                #expect(answer.status == .methodNotAllowed, "\(path)")
                #expect(answer.headers[.allow] == allow)
                #expect(try answer.json.code.string == "methodNotAllowed")
            }
        }
    }

    @Test func `every answer carries the id of its request`() async throws {
        try await KilnServer.run { kiln in
            for path in [
                "/", "/openapi.yaml", "/live", "/ready", "/health", "/api/jobs", "/api/jobs/7", "/api/formats",
                "/nowhere", "/api/convert",
            ] {
                let answer = try await kiln.get(path, headers: [.requestId: "mine"])
                #expect(answer.headers[.requestId] == "mine", "\(path)")
                #expect(try await kiln.get(path).headers[.requestId]?.count == 36, "\(path)")
            }
        }
    }

    @Test(.enabled(if: Installed.sandbox, Installed.noSandbox))
    func `no object has two members of one name`() async throws {
        try await KilnServer.run(.copies) { kiln in
            let id = try await kiln.accepted()
            _ = try await kiln.ended(id)
            for path in [
                "/api/jobs", "/api/jobs/\(id)", "/api/jobs/\(id)/events", "/api/formats", "/api/converters", "/health",
                "/ready", "/live", "/nowhere",
            ] {
                let names = objects(in: try await kiln.get(path).text)
                #expect(!names.isEmpty)
                #expect(names.allSatisfy { Set($0).count == $0.count }, "\(path)")
            }
        }
    }
}

/// The names of the members of each object in the text, in the order in which they are written.
private func objects(in text: String) -> [[String]] {
    var closed: [[String]] = []
    var open: [[String]] = []
    for token in text.matches(of: /[{}]|"((?:[^"\\]|\\.)*)"(:?)/) {
        switch token.output.0 {
        case "{": open.append([])
        case "}": if let object = open.popLast() { closed.append(object) }
        default:
            guard token.output.2 == ":", let name = token.output.1, !open.isEmpty else { continue }
            open[open.count - 1].append(String(name))
        }
    }
    return closed
}
