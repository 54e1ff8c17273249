/// Text as bytes: what counts as text, and lines and words of it without building strings.
enum PlainText {
    /// The bytes as ASCII-compatible text: without byte order mark, UTF-16 (with a mark, or opening with `<`) narrowed
    /// to one byte per unit, units beyond ASCII as `?`. Nil where a NUL, or more than 1 % control characters, say binary.
    static func of(_ bytes: [UInt8]) -> [UInt8]? {
        let text =
            switch (bytes.first, bytes.dropFirst().first, bytes.dropFirst(2).first) {
            case (0xFF, 0xFE, _): narrowed(bytes.dropFirst(2), low: 0)
            case (0xFE, 0xFF, _): narrowed(bytes.dropFirst(2), low: 1)
            case (0x3C, 0x00, _): narrowed(bytes[...], low: 0)
            case (0x00, 0x3C, _): narrowed(bytes[...], low: 1)
            case (0xEF, 0xBB, 0xBF): Array(bytes.dropFirst(3))
            default: bytes
            }
        let control = text.count { $0 < 0x20 && !isBlank($0) && $0 != 0x1A }
        return text.contains(0) || control * 100 > text.count ? nil : text
    }

    /// Lines end with LF, CR LF, CR alone (old Macintosh) or form feed; empty ones are kept.
    static func lines(_ text: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        var start = text.startIndex
        for index in text.indices where isLineEnd(text[index]) {
            let isSecondHalf = text[index] == 0x0A && index > text.startIndex && text[index - 1] == 0x0D
            if !isSecondHalf { lines.append(text[start..<index]) }
            start = index + 1
        }
        if start < text.endIndex { lines.append(text[start...]) }
        return lines
    }

    static func words(_ line: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        line.split(whereSeparator: isBlank)
    }

    static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard let last = line.lastIndex(where: { !isBlank($0) }) else { return line.suffix(0) }
        return line[...last].drop(while: isBlank)
    }

    static func lowercased(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        bytes.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    }

    /// Whether the bytes spell `word`, in any case of ASCII letters.
    static func matches(_ bytes: some Sequence<UInt8>, _ word: String) -> Bool {
        lowercased(bytes).elementsEqual(lowercased(word.utf8))
    }

    /// Whether the word opens like a number: a digit, or a sign or point before one.
    static func isNumber(_ word: ArraySlice<UInt8>) -> Bool {
        guard let digit = word.first(where: { $0 != 0x2B && $0 != 0x2D && $0 != 0x2E }) else { return false }
        return isDigit(digit)
    }

    static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    static func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D || byte == 0x0C }

    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    private static func narrowed(_ units: ArraySlice<UInt8>, low: Int) -> [UInt8] {
        stride(from: units.startIndex, to: units.endIndex - 1, by: 2).map { index in
            let isASCII = units[index + 1 - low] == 0 && units[index + low] < 0x80
            return isASCII ? units[index + low] : 0x3F
        }
    }
}
