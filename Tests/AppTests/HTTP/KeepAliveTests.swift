import Foundation
import Hummingbird
import NIOCore
import Testing

@testable import App

@Suite(.timeLimit(.minutes(5)))
struct KeepAliveTests {
    @Test func `pipelined requests are answered in order on one connection`() async throws {
        try await serving(routes: { router in
            router.get("number/:n") { _, context in context.parameters.get("n") ?? "" }
            router.post("upload", use: measure)
        }) { port in
            let client = try RawClient(port: port)
            try client.send(
                head("GET", "/number/1") + head("POST", "/upload", "Content-Length: 3") + "abc"
                    + head("GET", "/number/2"))
            let text = client.receive { $0.hasSuffix("\r\n\r\n2") }
            let bodies = text.components(separatedBy: "\r\n\r\n").dropFirst().map { $0.prefix { $0 != "H" } }
            #expect(bodies == ["1", "3 bytes", "2"])
            #expect(!text.lowercased().contains("connection: close"))
            try client.send(head("GET", "/number/3"))
            #expect(client.receive { $0.hasSuffix("3") }.hasPrefix("HTTP/1.1 200 OK\r\n"))
        }
    }

    @Test func `answers without a body keep the connection`() async throws {
        try await serving(routes: { router in
            router.get("hello") { _, _ in "hello" }
            router.get("nothing") { _, _ in Response(status: .noContent) }
            router.get("same") { _, _ in Response(status: .notModified) }
        }) { port in
            let client = try RawClient(port: port)
            for (request, status) in [
                (head("HEAD", "/hello"), "200"), (head("GET", "/nothing"), "204"), (head("GET", "/same"), "304"),
                (head("OPTIONS", "/hello"), "204"), (head("GET", "/hello"), "200"),
            ] {
                try client.send(request)
                let isBodied = request.hasPrefix("GET /hello")
                let answer = client.receive { $0.hasSuffix(isBodied ? "\r\n\r\nhello" : "\r\n\r\n") }
                #expect(answer.hasPrefix("HTTP/1.1 \(status)"))
                #expect(!answer.lowercased().contains("connection: close"))
            }
        }
    }

    @Test func `an answer to HEAD never has a body, not even an error`() async throws {
        try await serving(routes: { router in
            router.get("hello") { _, _ in "hello" }
            router.head("wrong") { _, _ in "a body" }
        }) { port in
            let client = try RawClient(port: port)
            try client.send(head("HEAD", "/nowhere") + head("HEAD", "/wrong") + head("GET", "/hello"))
            let text = client.receive { $0.hasSuffix("hello") }
            let bodies = text.components(separatedBy: "\r\n\r\n").map { $0.prefix(5) }
            #expect(bodies == ["HTTP/", "HTTP/", "HTTP/", "hello"])
        }
    }

    @Test func `a body that arrives in pieces keeps the connection when it is read`() async throws {
        try await serving(routes: { $0.post("upload", use: measure) }) { port in
            let client = try RawClient(port: port)
            for _ in 1...3 {
                try client.send(head("POST", "/upload", "Content-Length: 300000"))
                _ = client.send([UInt8](repeating: 7, count: 1000), upTo: 300_000)
                #expect(client.receive { $0.hasSuffix("bytes") }.hasSuffix("\r\n\r\n300000 bytes"))
            }
        }
    }

    @Test func `what is no request is told so as a problem`() async throws {
        try await serving(routes: { _ in }) { port in
            let client = try RawClient(port: port)
            try client.send("this is not HTTP\r\n\r\n")
            let answer = client.receiveAll()
            #expect(answer.hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
            #expect(answer.contains("\"code\":\"malformedRequest\"") && answer.hasSuffix("}\n"))
            #expect(answer.lowercased().contains("x-request-id: "))
        }
    }
}
