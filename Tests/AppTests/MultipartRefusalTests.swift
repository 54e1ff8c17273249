import NIOCore
import TestSupport
import Testing

@testable import App

@Suite struct MultipartRefusalTests {
    private static let format = "Content-Disposition: form-data; name=\"format\"\r\n"

    @Test(arguments: 1..<64) func `a body that ends early is refused`(missing: Int) throws {
        let body = "--sample\r\n\(Self.format)\r\nglb\r\n--sample--"
        #expect(throws: MultipartError.truncated) { try MultipartBody.read(body.utf8.dropLast(missing)) }
    }

    @Test func `an empty body is refused`() {
        #expect(throws: MultipartError.truncated) { try MultipartBody.read([]) }
    }

    @Test func `lines that end with a bare line feed are refused`() {
        for body in ["--sample\n\(Self.format)\nglb\n--sample--\n", "--sample\r\n\(Self.format)a: b\nc: d\r\n\r\n"] {
            #expect(throws: MultipartError.bareLineFeed) { try MultipartBody.read(body.utf8) }
        }
    }

    @Test(arguments: ["--samplex\r\n", "--sample-\r\n", "--sample \rx", "--sample--x\r\n".replacing("--x", with: "-x")])
    func `text after a boundary is refused`(body: String) {
        #expect(throws: MultipartError.boundaryLineMalformed) { try MultipartBody.read(body.utf8) }
    }

    @Test(arguments: [1, 100, .max]) func `a header block over its limit is refused`(size: Int) {
        let line = "x: \(String(repeating: "y", count: 8192))\r\n"
        #expect(throws: MultipartError.headerTooLong(limit: 8192)) {
            try MultipartBody.read("--sample\r\n\(Self.format)\(line)\r\n".utf8, inPiecesOf: size)
        }
    }

    @Test func `a header that never ends is refused at its limit`() throws {
        var parser = MultipartParser(boundary: "sample")
        parser.feed(ByteBuffer(string: "--sample\r\n"))
        #expect(throws: MultipartError.headerTooLong(limit: 8192)) {
            for number in 0..<5000 {
                parser.feed(ByteBuffer(string: "x-\(number): y\r\n"))
                while try parser.next() != nil {}
            }
        }
    }

    @Test func `a header block at its limit is read`() throws {
        let padding = 8192 - Self.format.utf8.count - "\r\nx: ".utf8.count
        let line = "x: \(String(repeating: "y", count: padding))\r\n"
        #expect(try MultipartBody.read("--sample\r\n\(Self.format)\(line)\r\n\r\n--sample--".utf8).count == 1)
    }

    @Test func `a hundred parts are read and one more is refused`() throws {
        var body = MultipartBody(parts: Array(repeating: .init(head: .field("a"), content: []), count: 100))
        #expect(try MultipartBody.read(body.bytes) == body.parts)

        body.parts.append(.init(head: .field("a"), content: []))
        #expect(throws: MultipartError.tooManyParts(limit: 100)) { try MultipartBody.read(body.bytes) }
    }

    @Test func `a refused body stays refused`() throws {
        var parser = MultipartParser(boundary: "sample")
        parser.feed(ByteBuffer(string: "--sample\r\n\r\n\r\n"))
        #expect(throws: MultipartError.nameMissing) { try parser.next() }

        parser.feed(ByteBuffer(string: "--sample--"))
        #expect(throws: MultipartError.nameMissing) { try parser.next() }
        #expect(throws: MultipartError.nameMissing) { try parser.finish() }
    }

    @Test(.timeLimit(.minutes(5))) func `5,000 mutated bodies end, and the same however they are cut`() {
        var random = SeededRandom(seed: 42)
        let sample = MultipartBody(parts: [
            .init(head: .file("a.stl"), content: Array("solid\r\n--sampl\r\nendsolid".utf8)),
            .init(head: .field("format"), content: Array("glb".utf8)),
            .init(head: .file("b.obj"), content: []),
        ]).bytes
        let spice = Array("\r\n-;=\":\\% \0".utf8)
        var refused = 0
        for _ in 0..<5000 {
            var bytes = sample
            for _ in 0..<Int.random(in: 1...6, using: &random) { bytes.mutate(with: spice, using: &random) }
            let size = Int.random(in: 1...bytes.count, using: &random)
            let whole = Result { () throws(MultipartError) in try MultipartBody.read(bytes) }
            let pieces = Result { () throws(MultipartError) in try MultipartBody.read(bytes, inPiecesOf: size) }
            #expect(whole == pieces)
            if case .failure = whole { refused += 1 }
        }
        #expect((1..<5000).contains(refused))
    }
}

extension [UInt8] {
    /// One byte changed, put in, or taken away, or a stretch doubled.
    fileprivate mutating func mutate(with spice: [UInt8], using random: inout SeededRandom) {
        guard !isEmpty else { return }
        let index = Int.random(in: indices, using: &random)
        let byte = spice.randomElement(using: &random) ?? 0
        switch Int.random(in: 0...4, using: &random) {
        case 0: self[index] = byte
        case 1: self[index] = .random(in: 0...255, using: &random)
        case 2: insert(byte, at: index)
        case 3: remove(at: index)
        default: insert(contentsOf: self[index...].prefix(40), at: index)
        }
    }
}
