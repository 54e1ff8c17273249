import Hummingbird
import NIOCore
import Testing

@testable import App

@Suite(.timeLimit(.minutes(5)))
struct ExpectationTests {
    @Test func `100 Continue comes when the route asks for the body, and not before`() async throws {
        let (entered, enter) = AsyncStream.makeStream(of: Void.self)
        let (gate, open) = AsyncStream.makeStream(of: Void.self)
        try await Edge(routes: { router in
            router.post("upload") { request, context in
                enter.yield()
                for await _ in gate { break }
                return try await measure(request, context)
            }
        }).live { live in
            let client = try RawClient(port: live.port)
            try client.send(head("POST", "/upload", "Content-Length: 5", "Expect: 100-Continue"))
            for await _ in entered { break }
            #expect(client.isQuiet())
            open.yield()
            let interim = try await blocking { client.receive { $0.hasSuffix("\r\n\r\n") } }
            #expect(interim == "HTTP/1.1 100 Continue\r\n\r\n")
            try client.send("12345")
            let answer = try await blocking { client.receive { $0.hasSuffix("bytes") } }
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n") && answer.hasSuffix("\r\n\r\n5 bytes"))
        }
    }

    @Test func `a refusal from the head alone is the only answer, and ends the connection`() async throws {
        try await serving(routes: { $0.post("upload", use: refuse) }) { port in
            let client = try RawClient(port: port)
            try client.send(head("POST", "/upload", "Content-Length: 1000000000", "Expect: 100-continue"))
            let answer = client.receiveAll()
            #expect(answer.hasPrefix("HTTP/1.1 413 "))
            #expect(answer.lowercased().contains("\r\nconnection: close\r\n"))
            #expect(answer.contains("\"code\":\"tooLarge\""))
        }
    }

    @Test func `a client that does not wait is not told to go on`() async throws {
        try await serving(routes: { $0.post("upload", use: measure) }) { port in
            let client = try RawClient(port: port)
            try client.send(head("POST", "/upload", "Content-Length: 5", "Expect: 100-continue") + "12345")
            #expect(client.receive { $0.hasSuffix("bytes") }.hasPrefix("HTTP/1.1 200 OK\r\n"))
        }
    }

    @Test func `a body collected at once is asked for too`() async throws {
        let collect: @Sendable (Request, HTTPContext) async throws -> ByteBuffer = { request, _ in
            try await request.body.collect(upTo: 100)
        }
        try await serving(routes: { $0.post("upload", use: collect) }) { port in
            let client = try RawClient(port: port)
            try client.send(head("POST", "/upload", "Transfer-Encoding: chunked", "Expect: 100-continue"))
            #expect(client.receive { $0.hasSuffix("\r\n\r\n") } == "HTTP/1.1 100 Continue\r\n\r\n")
            try client.send("5\r\nhello\r\n0\r\n\r\n")
            #expect(client.receive { $0.hasSuffix("hello") }.hasPrefix("HTTP/1.1 200 OK\r\n"))
        }
    }

    @Test func `any other expectation is 417`() async throws {
        try await serving(routes: { $0.post("upload", use: measure) }) { port in
            let client = try RawClient(port: port)
            try client.send(head("POST", "/upload", "Content-Length: 0", "Expect: 100-continue, 200-ok"))
            #expect(client.receive { $0.hasSuffix("}\n") }.hasPrefix("HTTP/1.1 417 Expectation Failed\r\n"))
        }
    }
}
