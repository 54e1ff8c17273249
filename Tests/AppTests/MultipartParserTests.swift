import NIOCore
import TestSupport
import Testing

@testable import App

@Suite struct MultipartParserTests {
    @Test func `curl's form is read`() throws {
        let body = """
            --------------------------d74496d66958873e\r
            Content-Disposition: form-data; name="file"; filename="a.obj"\r
            Content-Type: application/octet-stream\r
            \r
            v 0 0 0
            v 1 0 0
            \r
            --------------------------d74496d66958873e\r
            Content-Disposition: form-data; name="format"\r
            \r
            glb\r
            --------------------------d74496d66958873e--\r

            """

        let parts = try MultipartBody.read(body.utf8, boundary: "------------------------d74496d66958873e")

        #expect(
            parts == [
                .init(head: .file("a.obj"), content: Array("v 0 0 0\nv 1 0 0\n".utf8)),
                .init(head: .field("format"), content: Array("glb".utf8)),
            ])
    }

    @Test func `a browser's form is read`() throws {
        let body = """
            ------WebKitFormBoundary7MA4YWxkTrZu0gW\r
            Content-Disposition: form-data; name="format"\r
            \r
            stl\r
            ------WebKitFormBoundary7MA4YWxkTrZu0gW\r
            Content-Disposition: form-data; name="file"; filename="Röhre %22neu%22.stl"\r
            Content-Type: model/stl\r
            \r
            solid\r
            ------WebKitFormBoundary7MA4YWxkTrZu0gW--\r

            """

        let parts = try MultipartBody.read(body.utf8, boundary: "----WebKitFormBoundary7MA4YWxkTrZu0gW")

        #expect(
            parts == [
                .init(head: .field("format"), content: Array("stl".utf8)),
                .init(head: .file("Röhre \"neu\".stl", type: "model/stl"), content: Array("solid".utf8)),
            ])
    }

    private static let nearBoundaries: [UInt8] =
        Array("\r\n--boundar\r\n--sampl\r\r\n-\n--sample\r\n--\r\r\n--samplE\0".utf8) + Array(0...255) + [0x0D]

    private static let sample = MultipartBody(parts: [
        .init(head: .file("a.stl"), content: nearBoundaries),
        .init(head: .field("format"), content: Array("glb".utf8)),
        .init(head: .file("empty.obj"), content: []),
    ])

    @Test func `a body may be cut anywhere, into pieces of any size`() throws {
        let bytes = Array("preamble\r\n".utf8) + Self.sample.bytes + Array("epilogue\r\n--sample\r\n".utf8)
        for size in 1...bytes.count {
            #expect(try MultipartBody.read(bytes, inPiecesOf: size) == Self.sample.parts)
        }
    }

    @Test func `a body may be cut in two at any byte`() throws {
        let bytes = Self.sample.bytes
        for cut in 0...bytes.count {
            var parser = MultipartParser(boundary: "sample"), parts: [MultipartBody.Part] = []
            for piece in [bytes[..<cut], bytes[cut...]] {
                parser.feed(ByteBuffer(bytes: piece))
                while let event = try parser.next() { parts.take(event) }
            }
            try parser.finish()
            #expect(parts == Self.sample.parts)
        }
    }

    @Test func `what looks like a boundary belongs to the file`() throws {
        #expect(try MultipartBody.read(Self.sample.bytes).first?.content == Self.nearBoundaries)
    }

    @Test func `dashes in a file are not a boundary of dashes`() throws {
        let content = Array("\r\n---\r\n-----\r\n------\r\n--\r\n\r\n----".utf8)
        let body = MultipartBody(boundary: "-----x", parts: [.init(head: .file("a"), content: content)])
        for size in 1...body.bytes.count {
            #expect(try MultipartBody.read(body.bytes, boundary: "-----x", inPiecesOf: size) == body.parts)
        }
    }

    @Test func `an empty file is a part without bytes`() throws {
        let body = MultipartBody(parts: [.init(head: .file("", type: nil), content: [])])
        var parser = MultipartParser(boundary: "sample")
        parser.feed(ByteBuffer(bytes: body.bytes))

        #expect(try parser.next() == .part(.file("", type: nil)))
        #expect(try parser.next() == .partEnd)
        #expect(try parser.next() == nil)
    }

    @Test func `a part may share the end of its header with the boundary`() throws {
        let body = "--sample\r\nContent-Disposition: form-data; name=\"format\"\r\n\r\n--sample--"
        for size in 1...body.utf8.count {
            #expect(
                try MultipartBody.read(body.utf8, inPiecesOf: size) == [.init(head: .field("format"), content: [])])
        }
    }

    @Test func `a form without fields has no parts`() throws {
        #expect(try MultipartBody.read("--sample--\r\n".utf8).isEmpty)
    }

    @Test func `blanks may follow a boundary`() throws {
        let body = "--sample \t\r\nContent-Disposition: form-data; name=format\r\n\r\nglb\r\n--sample-- \r\n"
        #expect(try MultipartBody.read(body.utf8) == [.init(head: .field("format"), content: Array("glb".utf8))])
    }

    @Test func `no more of a file is held back than could be a boundary`() throws {
        var parser = MultipartParser(boundary: "sample"), received = 0
        parser.feed(ByteBuffer(string: "--sample\r\nContent-Disposition: form-data; name=file\r\n\r\n"))
        #expect(try parser.next() == .part(.field("file")))

        for count in 1...2000 {
            parser.feed(ByteBuffer(string: "x\r\n--samp"))
            while let event = try parser.next() {
                if case .bytes(let bytes) = event { received += bytes.readableBytes }
            }
            #expect(count * 9 - received <= "sample".utf8.count + 4)
        }
    }

    @Test func `a file passes through without being copied`() throws {
        var parser = MultipartParser(boundary: "sample")
        parser.feed(ByteBuffer(string: "--sample\r\nContent-Disposition: form-data; name=file\r\n\r\nv"))
        while try parser.next() != nil {}
        let chunk = ByteBuffer(repeating: 0x76, count: 65_536)
        parser.feed(chunk)

        guard case .bytes(let slice) = try parser.next() else {
            Issue.record("no bytes")
            return
        }
        let fed = chunk.withUnsafeReadableBytes { $0.baseAddress }
        #expect(slice.withUnsafeReadableBytes { $0.baseAddress } == fed)
    }

    @Test func `random content survives building and reading`() throws {
        var random = SeededRandom(seed: 1)
        let alphabet = Array("\r\n-sample".utf8)
        for _ in 0..<300 {
            let parts = (0..<Int.random(in: 0...4, using: &random)).map { number in
                let content = (0..<Int.random(in: 0...400, using: &random)).map { _ in
                    Bool.random(using: &random)
                        ? alphabet.randomElement(using: &random) ?? 0 : .random(in: 0...255, using: &random)
                }
                return MultipartBody.Part(head: .file("\(number).stl"), content: content)
            }
            let body = MultipartBody(boundary: "sample-0123456789", parts: parts)
            let size = Int.random(in: 1...500, using: &random)
            #expect(try MultipartBody.read(body.bytes, boundary: body.boundary, inPiecesOf: size) == parts)
        }
    }
}
