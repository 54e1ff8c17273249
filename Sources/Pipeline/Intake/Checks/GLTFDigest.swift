/// The JSON of a glTF without its bulk: of strings longer than 1 KB, which are data URIs, only the beginning is kept,
/// with `#` and the whole length behind it.
struct GLTFDigest {
    private static let longestString = 1024
    private static let mostBytes = 64 << 20

    private(set) var bytes: [UInt8] = []
    /// Of the string at hand; nil outside of one.
    private var length: Int?
    /// Bytes of an escape that are still to come, and whether the byte before was kept.
    private var escape = 0
    private var isKeeping = false

    /// Nil where what remains is still too large to be looked at. Throws `Errno`.
    init?(_ content: Content, _ range: Range<Int64>) throws {
        var stream = ByteStream(content, range)
        while let byte = try stream.next() {
            if let length { take(byte, after: length) } else { take(byte) }
            guard bytes.count <= Self.mostBytes else { return nil }
        }
    }

    private mutating func take(_ byte: UInt8) {
        bytes.append(byte)
        if byte == 0x22 { length = 0 }
    }

    /// The next byte of a string, or its end. An escape is kept whole or not at all.
    private mutating func take(_ byte: UInt8, after count: Int) {
        if escape == 0, byte == 0x22 {
            if count > Self.longestString { bytes.append(contentsOf: "#\(count)".utf8) }
            bytes.append(byte)
            length = nil
            return
        }
        isKeeping = escape > 0 ? isKeeping : count < Self.longestString
        if isKeeping { bytes.append(byte) }
        switch (escape, byte) {
        case (0, 0x5C): escape = 1
        case (0, _): break
        case (1, 0x75): escape = 4
        default: escape -= 1
        }
        length = count + 1
    }

    /// How many bytes a data URI of base64 can hold at most (RFC 4648, section 4); nil for other data URIs.
    static func mostBytes(ofData uri: String) -> Int? {
        guard let comma = uri.utf8.firstIndex(of: UInt8(ascii: ",")), uri[..<comma].hasSuffix(";base64") else {
            return nil
        }
        let header = uri.utf8.distance(from: uri.startIndex, to: comma) + 1
        let length = uri.lastIndex(of: "#").flatMap { Int(uri[uri.index(after: $0)...]) }
        return max(0, min(max(0, length ?? uri.utf8.count), 1 << 40) - header) * 3 / 4
    }
}
