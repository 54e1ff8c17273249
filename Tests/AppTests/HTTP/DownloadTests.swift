import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization
import Testing

@testable import App

/// A download whose end is still unsent when the route is done with it: the kernel takes only little at a time.
@Sendable private func downloadThroughANarrowSocket(_ request: Request, _ context: HTTPContext) async throws -> Response
{
    try await context.channel.setOption(.socketOption(.so_sndbuf), value: 4096).get()
    return FileResponder().respond(to: request, with: file(size: 2_000_000), context: context)
}

@Suite(.timeLimit(.minutes(5)))
struct DownloadTests {
    @Test func `a slow client gets every byte, even when it has hung up its own side`() async throws {
        try await serving(routes: { router in
            router.get("file", use: downloadThroughANarrowSocket)
        }) { port in
            let client = try RawClient(port: port, receiveBuffer: 4096)
            try client.send("GET /file HTTP/1.1\r\nHost: test\r\n\r\n")
            client.shutdownOutput()
            var received = [UInt8]()
            while let bytes = client.receive() { received += bytes }
            let start = received.count - 2_000_000
            #expect(start > 0 && received[max(0, start)...].elementsEqual((0..<2_000_000).map(byte)))
        }
    }

    @Test func `a stop of the server does not cut the download that is under way`() async throws {
        try await Edge(routes: { router in
            router.get("file", use: downloadThroughANarrowSocket)
        }).live { live in
            let client = try RawClient(port: live.port, receiveBuffer: 4096)
            try client.send("GET /file HTTP/1.1\r\nHost: test\r\n\r\n")
            let beginning = try await blocking { client.receive()?.count ?? 0 }
            await live.stop()
            let rest = try await blocking {
                var count = 0
                while let bytes = client.receive() { count += bytes.count }
                return count
            }
            #expect(beginning + rest > 2_000_000)
        }
    }

    @Test func `what the client does not take is not read`() async throws {
        let furthest = Mutex(Int64(0))
        try await Edge(routes: { router in
            router.get("file") { request, context in
                let file = file(size: 1_000_000_000) { offset in furthest.withLock { $0 = max($0, offset) } }
                return FileResponder().respond(to: request, with: file, context: context)
            }
            router.get("hello") { _, _ in "hello" }
        }).live { live in
            let client = try RawClient(port: live.port, receiveBuffer: 4096)
            try client.send("GET /file HTTP/1.1\r\nHost: test\r\n\r\n")
            _ = try await blocking { client.receive() }
            for _ in 1...50 { _ = try await live.get("/hello") }
            let offset = furthest.withLock { $0 }
            #expect(offset < 20_000_000)
        }
    }

    @Test func `a file is let go when the client goes away`() async throws {
        final class Handle: Sendable {
            let closed: AsyncStream<Void>.Continuation
            init(closed: AsyncStream<Void>.Continuation) { self.closed = closed }
            deinit { closed.yield() }
        }
        let (closings, closed) = AsyncStream.makeStream(of: Void.self)
        try await Edge(routes: { router in
            router.get("file") { request, context in
                let handle = Handle(closed: closed)
                let file = file(size: 1_000_000_000) { _ in withExtendedLifetime(handle) {} }
                return FileResponder().respond(to: request, with: file, context: context)
            }
        }).live { live in
            var client: RawClient? = try RawClient(port: live.port, receiveBuffer: 4096)
            try client?.send("GET /file HTTP/1.1\r\nHost: test\r\n\r\n")
            _ = try await blocking { [client] in client?.receive() }
            client = nil
            for await _ in closings { break }
        }
    }

    @Test func `a file that is shorter than it says breaks the download off`() async throws {
        try await serving(routes: { router in
            router.get("file") { request, context in
                let short = StoredFile(
                    sha256: "abc", size: 1_000_000, mediaType: "model/stl", filename: "a", modified: 0
                ) { space, offset in offset < 300_000 ? min(space.count, Int(300_000 - offset)) : 0 }
                return FileResponder().respond(to: request, with: short, context: context)
            }
        }) { port in
            let client = try RawClient(port: port)
            try client.send("GET /file HTTP/1.1\r\nHost: test\r\n\r\n")
            var count = 0
            while let bytes = client.receive() { count += bytes.count }
            #expect(count < 400_000)
        }
    }
}
