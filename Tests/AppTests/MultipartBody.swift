import NIOCore

@testable import App

/// Multipart bodies for tests, written by the letter of RFC 2046 §5.1.1, and the parser driven over them.
struct MultipartBody {
    struct Part: Equatable {
        var head: MultipartHead
        var content: [UInt8]
    }

    var boundary = "sample"
    var parts: [Part] = []

    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        for part in parts {
            var disposition = "form-data; name=\"\(part.head.name)\""
            if let filename = part.head.filename { disposition += "; filename=\"\(filename)\"" }
            bytes += "--\(boundary)\r\nContent-Disposition: \(disposition)\r\n".utf8
            if let type = part.head.contentType { bytes += "Content-Type: \(type)\r\n".utf8 }
            bytes += "\r\n".utf8
            bytes += part.content
            bytes += "\r\n".utf8
        }
        return bytes + "--\(boundary)--\r\n".utf8
    }

    /// All parts of `body`, fed in pieces of `size` bytes, drained after each.
    static func read(
        _ body: some Sequence<UInt8>, boundary: String = "sample", limits: MultipartLimits = MultipartLimits(),
        inPiecesOf size: Int = .max
    ) throws(MultipartError) -> [Part] {
        var parser = MultipartParser(boundary: boundary, limits: limits)
        var rest = ArraySlice(Array(body)), parts: [Part] = []
        while !rest.isEmpty {
            parser.feed(ByteBuffer(bytes: rest.prefix(size)))
            rest = rest.dropFirst(size)
            while let event = try parser.next() { parts.take(event) }
        }
        try parser.finish()
        return parts
    }
}

extension [MultipartBody.Part] {
    mutating func take(_ event: MultipartParser.Event) {
        switch event {
        case .part(let head): append(MultipartBody.Part(head: head, content: []))
        case .bytes(let bytes): self[count - 1].content += bytes.readableBytesView
        case .partEnd: break
        }
    }
}

extension MultipartHead {
    static func field(_ name: String) -> MultipartHead {
        MultipartHead(name: name, filename: nil, contentType: nil)
    }

    static func file(_ filename: String, type: String? = "application/octet-stream") -> MultipartHead {
        MultipartHead(name: "file", filename: filename, contentType: type)
    }
}
