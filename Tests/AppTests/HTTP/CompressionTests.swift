import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Testing

@testable import App

/// Who gets which answer compressed.
@Suite(.timeLimit(.minutes(5)))
struct CompressionTests {
    private static let long = String(repeating: "{\"key\":\"value\"},", count: 500)

    private func edge() -> Edge {
        Edge { router in
            func route(_ path: String, _ text: String, _ headers: HTTPFields) {
                router.get(RouterPath(path)) { _, _ in
                    Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
                }
            }
            route("long", Self.long, [.contentType: "application/json", .eTag: "\"a\""])
            route("huge", String(repeating: Self.long, count: 100), [.contentType: "text/plain; charset=utf-8"])
            route("short", "{}", [.contentType: "application/json"])
            route("picture", Self.long, [.contentType: "image/png"])
            route("file", Self.long, [.contentType: "text/plain", .contentDisposition: "attachment", .eTag: "\"a\""])
        }
    }

    @Test(
        arguments: [
            (nil, AcceptEncoding.Wish.plain), ("", .plain), ("gzip", .gzip), ("x-gzip", .gzip), ("deflate, br", .plain),
            ("gzip, deflate, br, zstd", .gzip), ("*", .gzip), ("gzip;q=0", .plain), ("gzip;q=0, *", .plain),
            ("gzip;q=0.5, identity", .plain), ("identity;q=0.5, gzip;q=1.0", .gzip), ("gzip; q=0.001", .gzip),
            ("identity;q=0, gzip", .onlyGzip), ("gzip, *;q=0", .onlyGzip), ("identity;q=0", .plain),
            ("gzip;q=nonsense", .plain),
            ("GZIP", .gzip),
        ] as [(String?, AcceptEncoding.Wish)])
    func `a client gets what it likes best`(said: String?, wish: AcceptEncoding.Wish) {
        #expect(AcceptEncoding.wish(of: said.map { [.acceptEncoding: $0] } ?? [:]) == wish)
    }

    @Test(arguments: ["/long", "/huge"])
    func `long JSON and text are compressed, and unpack to the same`(path: String) async throws {
        try await edge().live { client in
            let plain = try await client.get(path)
            #expect(plain.headers[.contentEncoding] == nil && plain.headers[.vary] == "Accept-Encoding")
            let packed = try await client.get(path, headers: [.acceptEncoding: "gzip, br"])
            #expect(packed.headers[.contentEncoding] == "gzip" && packed.headers[.vary] == "Accept-Encoding")
            #expect(
                packed.headers[.contentLength] == "\(packed.body.count)" && packed.body.count < plain.body.count / 10)
            #expect(try await Self.unpacked(packed.body) == plain.body)
            let head = try await client.execute(.head, path, headers: [.acceptEncoding: "gzip"])
            #expect(head.headers[.contentEncoding] == nil && head.headers[.contentLength] == "\(plain.body.count)")
        }
    }

    /// By the system's gzip.
    private static func unpacked(_ bytes: [UInt8]) async throws -> [UInt8] {
        try await blocking {
            let process = Process()
            let (input, output) = (Pipe(), Pipe())
            process.executableURL = URL(filePath: "/bin/gzip")
            process.arguments = ["-dc"]
            process.standardInput = input
            process.standardOutput = output
            try process.run()
            try input.fileHandleForWriting.write(contentsOf: Data(bytes))
            try input.fileHandleForWriting.close()
            let unpacked = Array(output.fileHandleForReading.readDataToEndOfFile())
            process.waitUntilExit()
            return unpacked
        }
    }

    @Test func `the tag of a compressed answer is a weak one`() async throws {
        try await edge().live { client in
            let plain = try await client.get("/long")
            let packed = try await client.get("/long", headers: [.acceptEncoding: "gzip"])
            #expect(plain.headers[.eTag] == "\"a\"" && packed.headers[.eTag] == "W/\"a\"")
        }
    }

    @Test func `what is short, a picture, or a file, goes out as it is`() async throws {
        try await edge().live { client in
            for path in ["/short", "/picture", "/file"] {
                let answer = try await client.get(path, headers: [.acceptEncoding: "gzip"])
                #expect(answer.headers[.contentEncoding] == nil, "\(path)")
            }
            let forced = try await client.get("/short", headers: [.acceptEncoding: "gzip, identity;q=0"])
            #expect(forced.headers[.contentEncoding] == "gzip")
        }
    }
}
