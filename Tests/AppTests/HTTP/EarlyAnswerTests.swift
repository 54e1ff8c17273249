import Foundation
import Hummingbird
import NIOCore
import Testing

@testable import App

@Suite(.timeLimit(.minutes(5)))
struct EarlyAnswerTests {
    @Test func `after an early refusal hardly anything more is taken`() async throws {
        try await serving(routes: { $0.post("upload", use: refuse) }) { port in
            let client = try RawClient(port: port)
            try client.send(head("POST", "/upload", "Content-Length: 100000000"))
            let answer = client.receive { $0.hasSuffix("}\n") }
            let sent = client.send([UInt8](repeating: 7, count: 65536), upTo: 100_000_000)
            #expect(answer.hasPrefix("HTTP/1.1 413 "))
            #expect(sent < 8_000_000)
        }
    }

    @Test func `a refusal in the middle of a body stops the client as well`() async throws {
        let readSome: @Sendable (Request, HTTPContext) async throws -> Response = { request, _ in
            var length = 0
            for try await buffer in request.body {
                length += buffer.readableBytes
                if length > 50_000_000 { throw Problem(.tooLarge) }
            }
            return Response(status: .ok)
        }
        try await serving(routes: { $0.post("upload", use: readSome) }) { port in
            let client = try RawClient(port: port)
            try client.send(head("POST", "/upload", "Content-Length: 500000000"))
            let sent = client.send([UInt8](repeating: 7, count: 65536), upTo: 500_000_000)
            #expect(sent < 50_000_000 + 12_000_000)
            #expect(client.receiveAll().hasPrefix("HTTP/1.1 413 "))
        }
    }

    @Test func `a client that sends everything before it reads gets the answer`() async throws {
        try await serving(routes: { $0.post("upload", use: refuse) }) { port in
            let client = try RawClient(port: port, sendBuffer: 4096)
            try client.send(head("POST", "/upload", "Content-Length: 900000"))
            #expect(!client.isQuiet(for: .seconds(30)))
            #expect(client.send([UInt8](repeating: 7, count: 10000), upTo: 900_000) == 900_000)
            #expect(client.receiveAll().hasSuffix("}\n"))
        }
    }

    @Test func `what is malformed behind an early answer gets no second one`() async throws {
        try await serving(routes: { $0.post("upload", use: refuse) }) { port in
            let client = try RawClient(port: port)
            try client.send(head("POST", "/upload", "Transfer-Encoding: chunked") + "this is no chunk\r\n")
            #expect(client.receiveAll().components(separatedBy: "HTTP/1.1 ").count == 2)
        }
    }

    @Test func `the output ends with the answer, and the connection a moment later`() async throws {
        var limits = Conversation.Limits()
        limits.lingeringTime = .milliseconds(300)
        try await serving(limits, routes: { $0.post("upload", use: refuse) }) { port in
            let client = try RawClient(port: port)
            try client.send(head("POST", "/upload", "Content-Length: 1000000"))
            #expect(client.receiveAll().hasSuffix("}\n"))
            let start = ContinuousClock.now
            while client.send([7], upTo: 1) == 1, start.duration(to: .now) < .seconds(10) {}
            #expect(start.duration(to: .now) < .seconds(5))
        }
    }

    @Test func `a client that says close is hung up on, politely`() async throws {
        try await serving(routes: { $0.get("hello") { _, _ in "hello" } }) { port in
            let client = try RawClient(port: port)
            try client.send(head("GET", "/hello", "Connection: Close"))
            let answer = client.receiveAll()
            #expect(answer.lowercased().contains("\r\nconnection: close\r\n") && answer.hasSuffix("hello"))
        }
    }
}
