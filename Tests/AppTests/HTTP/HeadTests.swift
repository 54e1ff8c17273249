import Hummingbird
import NIOCore
import Testing

@testable import App

/// What the head of a request may be, and how long it may take.
@Suite(.timeLimit(.minutes(5)))
struct HeadTests {
    private func serving(
        _ time: TimeAmount = .seconds(60), idle: TimeAmount = .seconds(60),
        _ test: @escaping @Sendable (Int) throws -> Void
    ) async throws {
        try await Edge(headTime: time, idle: idle, routes: { $0.get("hello") { _, _ in "hello" } }).live { live in
            let port = live.port
            try await blocking { try test(port) }
        }
    }

    @Test func `a head that trickles is answered with 408, and ends its connection`() async throws {
        try await serving(.milliseconds(300)) { port in
            let client = try RawClient(port: port)
            try client.send("GET /hello HTTP/1.1\r\nHost: test\r\nX: ")
            let start = ContinuousClock.now
            while client.isQuiet(for: .milliseconds(10)), start.duration(to: .now) < .seconds(20) {
                // The end may come between two letters.
                try? client.send("x")
            }
            #expect(start.duration(to: .now) < .seconds(20))
            let answer = client.receiveAll()
            #expect(answer.hasPrefix("HTTP/1.1 408 ") && answer.contains("\"code\":\"requestTimeout\""))
            #expect(answer.lowercased().contains("connection: close"))
        }
    }

    @Test func `a head that takes a while, in pieces, is in time`() async throws {
        try await serving { port in
            let client = try RawClient(port: port)
            for _ in 0..<2 {
                for piece in ["GET /he", "llo HTTP/1.1\r\nHost: te", "st\r\n\r\n"] {
                    try client.send(piece)
                    #expect(client.isQuiet(for: .milliseconds(20)) || piece.hasPrefix("st"))
                }
                #expect(client.receive { $0.hasSuffix("hello") }.hasPrefix("HTTP/1.1 200 "))
            }
        }
    }

    @Test func `a connection without a request is ended, after an answer too`() async throws {
        try await serving(idle: .milliseconds(300)) { port in
            #expect(try RawClient(port: port).receiveAll() == "")
            let client = try RawClient(port: port)
            try client.send(head("GET", "/hello"))
            #expect(client.receiveAll().hasSuffix("\r\n\r\nhello"))
        }
    }

    @Test func `a head of more than 80 KiB is 400`() async throws {
        try await serving { port in
            let client = try RawClient(port: port)
            let value = String(repeating: "x", count: 30_000)
            try client.send("GET /hello HTTP/1.1\r\nHost: test\r\nA: \(value)\r\nB: \(value)\r\nC: \(value)\r\n")
            #expect(client.receiveAll().hasPrefix("HTTP/1.1 400 "))
        }
    }

    @Test func `a head of more than a hundred fields is 400`() async throws {
        try await serving { port in
            let client = try RawClient(port: port)
            try client.send("GET /hello HTTP/1.1\r\nHost: test\r\n" + String(repeating: "X: y\r\n", count: 100))
            #expect(client.receiveAll().hasPrefix("HTTP/1.1 400 "))
        }
    }

    @Test(arguments: ["", "Host: a\r\nHost: b\r\n"]) func `a request without its one Host is 400`(
        fields: String
    ) async throws {
        try await serving { port in
            let client = try RawClient(port: port)
            try client.send(head("GET", "/hello"))
            #expect(client.receive { $0.hasSuffix("hello") }.hasPrefix("HTTP/1.1 200 "))
            try client.send("GET /hello HTTP/1.1\r\n\(fields)\r\n" + head("GET", "/hello"))
            let answer = client.receiveAll()
            #expect(answer.hasPrefix("HTTP/1.1 400 ") && answer.hasSuffix("}\n"))
            #expect(answer.contains("\"code\":\"malformedRequest\"") && !answer.contains("HTTP/1.1 200"))
        }
    }

    @Test func `HTTP 1.0 needs no Host`() async throws {
        try await serving { port in
            let client = try RawClient(port: port)
            try client.send("GET /hello HTTP/1.0\r\nConnection: close\r\n\r\n")
            #expect(client.receiveAll().contains(" 200 OK\r\n"))
        }
    }
}
