import HTTPTypes
import TestSupport
import Testing

@testable import App

@Suite(.enabled(if: Installed.sandbox, Installed.noSandbox), .timeLimit(.minutes(5)))
struct UploadLimitTests {
    private static let more = [UInt8](repeating: 0x23, count: 65536)

    @Test func `a length beyond the limit is 413 before the file is sent`() async throws {
        try await KilnServer.run(.copies) {
            $0.maxFileSize = 100_000
        } test: { kiln in
            let port = kiln.port
            let (answer, sent) = try await blocking {
                let client = try RawClient(port: port)
                try client.send(head("POST", "/api/convert?format=obj", "Content-Length: 100000000"))
                let answer = client.receive { $0.hasSuffix("}\n") }
                return (answer, client.send(Self.more, upTo: 100_000_000))
            }
            #expect(answer.hasPrefix("HTTP/1.1 413 ") && answer.contains("100000 bytes"))
            #expect(sent < 8_000_000)
            #expect(try await kiln.newest().failure.code.string == "rejected")
        }
    }

    @Test func `a stream that grows beyond the limit is 413, and hardly more of it is taken`() async throws {
        try await KilnServer.run(.copies) {
            $0.maxFileSize = 1_000_000
        } test: { kiln in
            let port = kiln.port
            let (sent, answer) = try await blocking {
                let client = try RawClient(port: port)
                try client.send(head("POST", "/api/convert?format=obj", "Transfer-Encoding: chunked"))
                let chunk = Array("10000\r\n".utf8) + Self.more + Array("\r\n".utf8)
                let sent = client.send(chunk, upTo: chunk.count * 1500)
                return (sent, client.receiveAll())
            }
            #expect(answer.hasPrefix("HTTP/1.1 413 "))
            #expect(sent < 9_000_000)
            let row = try await kiln.newest()
            #expect(row.status.string == "failed" && row.failure.code.string == "rejected")
        }
    }

    @Test func `a file of exactly the limit is taken, one byte more is not`() async throws {
        let file = Samples.obj()
        try await KilnServer.run(.copies) {
            $0.maxFileSize = file.count
        } test: { kiln in
            let answer = try await kiln.upload(file, to: "obj")
            #expect(answer.status == .accepted)
            #expect(try await kiln.upload(raw: file, "format=obj").status == .accepted)
            #expect(try await kiln.upload(file + [10], to: "obj").status == .contentTooLarge)
            #expect(try await kiln.upload(raw: file + [10], "format=obj").status == .contentTooLarge)
        }
    }

    @Test func `a queue of none refuses every upload with 429 and a time to come back`() async throws {
        try await KilnServer.run(.copies) {
            $0.maxQueue = 0
        } test: { kiln in
            let answer = try await kiln.upload(to: "obj")
            #expect(answer.status == .tooManyRequests)
            #expect(answer.headers[.retryAfter].flatMap { Int($0) } ?? 0 > 0)
            #expect(try answer.json.code.string == "queueFull")
            #expect(try await kiln.newest().failure.code.string == "rejected")
        }
    }

    @Test func `a queue of one takes the one that waits, and none beside it`() async throws {
        try await KilnServer.run(.waits.then(.copies)) {
            $0.maxQueue = 1
            $0.maxConcurrent = 1
        } test: { kiln in
            let running = try await kiln.accepted()
            try await eventually { try await kiln.get("/api/jobs/\(running)").json.status.string == "running" }
            let waiting = try await kiln.accepted()
            #expect(try await kiln.upload(to: "obj").status == .tooManyRequests)
            try await kiln.letGo(running)
            #expect(try await kiln.ended(running).status.string == "succeeded")
            try await kiln.letGo(waiting)
            #expect(try await kiln.ended(waiting).status.string == "succeeded")
            #expect(try await kiln.upload(to: "obj").status == .accepted)
        }
    }

    @Test func `an upload that the disk has no room for is 507`() async throws {
        try await KilnServer.run(.copies) {
            $0.diskReserve = 1 << 50
        } test: { kiln in
            let answer = try await kiln.upload(to: "obj")
            #expect(answer.status.code == 507)
            #expect(answer.headers[.retryAfter] != nil)
            #expect(try answer.json.code.string == "diskFull")
            #expect(try await kiln.newest().failure.code.string == "diskFull")
        }
    }

    @Test func `an upload of unknown length may be as large as the limit for all the disk knows`() async throws {
        try await KilnServer.run(.copies) {
            $0.maxFileSize = 1 << 50
        } test: { kiln in
            let known = try await kiln.upload(raw: Samples.obj(), "format=obj")
            #expect(known.status == .accepted)
            let port = kiln.port
            let unknown = try await blocking {
                let client = try RawClient(port: port)
                try client.send(head("POST", "/api/convert?format=obj", "Transfer-Encoding: chunked"))
                return client.receive { $0.hasSuffix("}\n") }
            }
            #expect(unknown.hasPrefix("HTTP/1.1 507 "))
        }
    }
}
