import Hummingbird
import Logging
import NIOCore
import Testing

@testable import App

@Suite(.timeLimit(.minutes(5)))
struct BrokenBodyTests {
    @Test func `a body that trickles is 408`() async throws {
        var limits = Conversation.Limits()
        limits.pace = BodyPace.Minimum(bytes: 1000, period: .milliseconds(300))
        try await serving(limits, routes: { $0.post("upload", use: measure) }) { port in
            let client = try RawClient(port: port)
            try client.send(head("POST", "/upload", "Content-Length: 1000000"))
            let start = ContinuousClock.now
            while client.isQuiet(for: .milliseconds(10)), start.duration(to: .now) < .seconds(10) {
                try client.send("x")
            }
            let answer = client.receiveAll()
            #expect(answer.hasPrefix("HTTP/1.1 408 Request Timeout\r\n"))
            #expect(answer.contains("\"code\":\"requestTimeout\""))
        }
    }

    @Test func `a client that waits for 100 Continue is not too slow`() async throws {
        var limits = Conversation.Limits()
        limits.pace = BodyPace.Minimum(bytes: 1000, period: .seconds(2))
        let (gate, open) = AsyncStream.makeStream(of: Void.self)
        try await Edge(
            limits: limits,
            routes: { router in
                router.post("upload") { request, context in
                    for await _ in gate { break }
                    return try await measure(request, context)
                }
                router.get("open") { _, _ in
                    open.yield()
                    return "open"
                }
            }
        ).live { live in
            let client = try RawClient(port: live.port)
            try client.send(head("POST", "/upload", "Content-Length: 5", "Expect: 100-continue"))
            let isQuiet = try await blocking { client.isQuiet(for: .milliseconds(2700)) }
            #expect(isQuiet)
            _ = try await live.get("/open")
            let interim = try await blocking { client.receive { $0.hasSuffix("\r\n\r\n") } }
            #expect(interim.hasPrefix("HTTP/1.1 100"))
            try client.send("12345")
            let answer = try await blocking { client.receive { $0.hasSuffix("bytes") || $0.hasSuffix("}\n") } }
            #expect(answer.hasPrefix("HTTP/1.1 200"))
        }
    }

    @Test(arguments: ["Content-Length: 1000", "Transfer-Encoding: chunked"])
    func `a body that breaks off is an error for the route, never a short body`(framing: String) async throws {
        let (endings, ended) = AsyncStream.makeStream(of: Bool.self)
        try await Edge(routes: { router in
            router.post("upload") { request, context in
                do {
                    let length = try await measure(request, context)
                    ended.yield(true)
                    return length
                } catch {
                    ended.yield(false)
                    throw error
                }
            }
        }).live { live in
            let client = try RawClient(port: live.port)
            try client.send(head("POST", "/upload", framing) + "5\r\nhello\r\n")
            client.shutdownOutput()
            for await isWhole in endings {
                #expect(!isWhole)
                break
            }
            let answer = try await blocking { client.receiveAll() }
            #expect(answer.isEmpty || answer.contains("malformedRequest"))
        }
    }

    @Test func `a client that is killed in the middle of its upload is no failure of ours`() async throws {
        let log = RecordedLog()
        let (errors, failed) = AsyncStream.makeStream(of: String.self)
        try await Edge(
            logger: log.logger,
            routes: { router in
                router.post("upload") { request, _ in
                    do {
                        for try await _ in request.body { failed.yield("begun") }
                        failed.yield("whole")
                    } catch {
                        failed.yield("broken")
                        throw error
                    }
                    return "whole"
                }
            }
        ).live { live in
            var client: RawClient? = try RawClient(port: live.port)
            client?.resetsWhenReleased()
            try client?.send(head("POST", "/upload", "Content-Length: 1000") + "hello")
            var events = errors.makeAsyncIterator()
            #expect(await events.next() == "begun")
            client = nil
            #expect(await events.next() == "broken")
        }
        #expect(!log.lines.contains { $0.level == .error })
    }
}
