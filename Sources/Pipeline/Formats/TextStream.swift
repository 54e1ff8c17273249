/// The bytes of a text in UTF-8, also where the file has it in UTF-16 (known by its mark, or by how its `<` is
/// written). Other encodings pass as they are.
struct TextStream {
    private enum Encoding { case bytes, littleUnits, bigUnits }

    private var stream: ByteStream
    private let encoding: Encoding
    /// UTF-8 that is decoded but not yet taken, last byte first.
    private var decoded: [UInt8] = []
    private var highHalf: UInt16?

    init(_ content: Content) {
        let (first, second, third) = (
            content.head.first, content.head.dropFirst().first, content.head.dropFirst(2).first
        )
        let markLength: Int64
        switch (first, second, third) {
        case (0xFF, 0xFE, _): (encoding, markLength) = (.littleUnits, 2)
        case (0xFE, 0xFF, _): (encoding, markLength) = (.bigUnits, 2)
        case (0x3C, 0x00, _): (encoding, markLength) = (.littleUnits, 0)
        case (0x00, 0x3C, _): (encoding, markLength) = (.bigUnits, 0)
        case (0xEF, 0xBB, 0xBF): (encoding, markLength) = (.bytes, 3)
        default: (encoding, markLength) = (.bytes, 0)
        }
        stream = ByteStream(content, min(markLength, content.size)..<content.size)
    }

    /// Nil at the end. Throws `Errno`.
    mutating func next() throws -> UInt8? {
        if case .bytes = encoding { return try stream.next() }
        while decoded.isEmpty {
            guard let one = try stream.next(), let other = try stream.next() else { return nil }
            decode(encoding == .littleUnits ? UInt16(other) << 8 | UInt16(one) : UInt16(one) << 8 | UInt16(other))
        }
        return decoded.removeLast()
    }

    /// A lone half of a pair becomes U+FFFD, or nothing before a whole character.
    private mutating func decode(_ unit: UInt16) {
        if UTF16.isLeadSurrogate(unit) {
            highHalf = unit
            return
        }
        defer { highHalf = nil }
        var value = UInt32(unit)
        if let high = highHalf, UTF16.isTrailSurrogate(unit) {
            value = 0x10000 + (UInt32(high) - 0xD800) << 10 + (UInt32(unit) - 0xDC00)
        }
        decoded = String(Unicode.Scalar(value) ?? "\u{FFFD}").utf8.reversed()
    }
}
