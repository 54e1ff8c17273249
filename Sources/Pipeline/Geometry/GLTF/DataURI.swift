/// The bytes of a `data:` URI with base64 content (RFC 2397, RFC 4648 section 4; padding may be missing).
enum DataURI {
    static func decode(_ uri: String) throws(ReadError) -> [UInt8] {
        let text = uri.utf8
        guard let comma = text.firstIndex(of: UInt8(ascii: ",")), uri[..<comma].hasSuffix(";base64") else {
            throw .invalid("A data URI of the glTF is not base64.")
        }
        var content = text[text.index(after: comma)...]
        while content.last == UInt8(ascii: "=") { content.removeLast() }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(content.count * 3 / 4)
        var bits: UInt32 = 0
        var count = 0
        for letter in content {
            guard let value = value(of: letter) else { throw .invalid("The base64 of a data URI is broken.") }
            bits = bits << 6 | value
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return bytes
    }

    private static func value(of letter: UInt8) -> UInt32? {
        switch letter {
        case 65...90: UInt32(letter - 65)
        case 97...122: UInt32(letter - 71)
        case 48...57: UInt32(letter + 4)
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
