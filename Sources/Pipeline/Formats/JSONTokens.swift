/// The tokens of a JSON text (RFC 8259), streamed: whatever the text's size, at most 4 KB of a string are kept.
struct JSONTokens {
    enum Token: Equatable {
        case open(isObject: Bool)
        case close(isObject: Bool)
        case colon, comma, scalar
        /// Unescaped. `isCut` where the string is longer than what is kept.
        case string([UInt8], isCut: Bool)
    }

    static let mostKept = 4096

    private var stream: ByteStream
    private var pending: UInt8?

    init(_ stream: ByteStream) { self.stream = stream }

    /// Nil at the end, where NUL bytes count as white space: some writers pad the JSON of a GLB with them.
    /// Throws `UnreadableReferences` for what is not JSON, `Errno` for the disk.
    mutating func next() throws -> Token? {
        var byte = try take()
        while let blank = byte, blank == 0x20 || blank == 0x0A || blank == 0x0D || blank == 0x09 { byte = try take() }
        switch byte {
        case nil: return nil
        case 0x7B, 0x5B: return .open(isObject: byte == 0x7B)
        case 0x7D, 0x5D: return .close(isObject: byte == 0x7D)
        case 0x3A: return .colon
        case 0x2C: return .comma
        case 0x22: return try string()
        case 0x00: return try padding()
        case let first?: return try scalar(first)
        }
    }

    private mutating func take() throws -> UInt8? {
        if let byte = pending {
            pending = nil
            return byte
        }
        return try stream.next()
    }

    private mutating func padding() throws -> Token? {
        while let byte = try take() {
            guard byte == 0 else { throw UnreadableReferences.malformed }
        }
        return nil
    }

    /// A number, `true`, `false` or `null`. Numbers are taken as any run of their characters.
    private mutating func scalar(_ first: UInt8) throws -> Token {
        var word = [first]
        while let byte = try take() {
            guard Self.isScalarByte(byte) else {
                pending = byte
                break
            }
            if word.count < 64 { word.append(byte) }
        }
        let isNumber = word[0] == 0x2D || PlainText.isDigit(word[0])
        guard isNumber || ["true", "false", "null"].contains(where: { word.elementsEqual($0.utf8) })
        else { throw UnreadableReferences.malformed }
        return .scalar
    }

    private static func isScalarByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2B, 0x2D, 0x2E: true
        default: false
        }
    }

    private mutating func string() throws -> Token {
        var kept: [UInt8] = []
        var isCut = false
        while let byte = try take() {
            switch byte {
            case 0x22: return .string(kept, isCut: isCut)
            case 0x5C where isCut: _ = try take()
            case 0x5C: try unescape(into: &kept)
            default: if !isCut { kept.append(byte) }
            }
            isCut = isCut || kept.count >= Self.mostKept
        }
        throw UnreadableReferences.malformed
    }

    private mutating func unescape(into text: inout [UInt8]) throws {
        switch try take() {
        case let same? where same == 0x22 || same == 0x5C || same == 0x2F: text.append(same)
        case 0x62: text.append(0x08)
        case 0x66: text.append(0x0C)
        case 0x6E: text.append(0x0A)
        case 0x72: text.append(0x0D)
        case 0x74: text.append(0x09)
        case 0x75: try unescapeUnit(into: &text)
        default: throw UnreadableReferences.malformed
        }
    }

    /// `\uXXXX`, or a pair of them for a character beyond 0xFFFF; a lone half becomes U+FFFD.
    private mutating func unescapeUnit(into text: inout [UInt8]) throws {
        var unit = try hexUnit()
        while (0xD800...0xDBFF).contains(unit) {
            guard let escape = try take(), escape == 0x5C else { throw UnreadableReferences.malformed }
            guard let kind = try take(), kind == 0x75 else { throw UnreadableReferences.malformed }
            let second = try hexUnit()
            if (0xDC00...0xDFFF).contains(second) {
                unit = 0x10000 + (unit - 0xD800) << 10 + (second - 0xDC00)
            } else {
                text.append(contentsOf: "\u{FFFD}".utf8)
                unit = second
            }
        }
        text.append(contentsOf: String(Unicode.Scalar(unit) ?? "\u{FFFD}").utf8)
    }

    private mutating func hexUnit() throws -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = try take(), let digit = Character(Unicode.Scalar(byte)).hexDigitValue
            else { throw UnreadableReferences.malformed }
            unit = unit << 4 | UInt32(digit)
        }
        return unit
    }
}
