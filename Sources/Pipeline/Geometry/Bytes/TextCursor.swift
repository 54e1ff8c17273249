import Glibc

/// A place in a line of text, and the words and numbers that follow it.
///
/// The bytes are the caller's and must outlive the cursor.
struct TextCursor {
    let bytes: UnsafeRawBufferPointer
    var position = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// The byte at the cursor, 0 at the end.
    @inline(__always)
    var byte: UInt8 { position < bytes.count ? bytes[position] : 0 }

    /// Whether the word is behind.
    @inline(__always)
    var endsWord: Bool { position >= bytes.count || bytes[position] <= 32 }

    /// True when nothing but blanks is left. Steps over them: tabs, line breaks, spaces and joining backslashes.
    @inline(__always)
    mutating func isAtEnd() -> Bool {
        while position < bytes.count {
            switch bytes[position] {
            case 9...13, 32, UInt8(ascii: "\\"): position += 1
            default: return false
            }
        }
        return true
    }

    /// The next word, in lower case; empty at the end.
    mutating func word() -> Keyword {
        guard !isAtEnd() else { return Keyword() }
        var word = Keyword()
        while position < bytes.count, bytes[position] > 32 {
            word.append(bytes[position])
            position += 1
        }
        return word
    }

    /// The next word as it is written; empty at the end.
    mutating func text() -> String {
        guard !isAtEnd() else { return "" }
        let start = position
        guard skipWord() else { return "" }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    /// Steps over the next word; false when there is none.
    mutating func skipWord() -> Bool {
        guard !isAtEnd() else { return false }
        let start = position
        while position < bytes.count, bytes[position] > 32 { position += 1 }
        return position > start
    }

    /// The next word as a whole number of at most 18 digits. What follows it, as in `7/1/3`, is left to the caller.
    mutating func integer() -> Int? {
        guard !isAtEnd() else { return nil }
        let isNegative = byte == UInt8(ascii: "-")
        if isNegative || byte == UInt8(ascii: "+") { position += 1 }
        let start = position
        var value = 0
        while position < bytes.count, position - start < 19, case let digit = bytes[position] &- 48, digit < 10 {
            value = value &* 10 &+ Int(digit)
            position += 1
        }
        guard position > start, position - start < 19 else { return nil }
        return isNegative ? -value : value
    }

    /// Three numbers, all finite.
    mutating func point() -> SIMD3<Double>? {
        guard let x = number(), let y = number(), let z = number() else { return nil }
        return SIMD3(x, y, z)
    }
}

/// A word of at most eight letters, packed so that comparing is one instruction.
struct Keyword: Equatable {
    private var letters: UInt64 = 0
    private var length = 0

    init() {}

    init(_ text: StaticString) {
        text.withUTF8Buffer { for letter in $0 { append(letter) } }
    }

    /// Lower case; what is longer than eight letters matches no keyword.
    @inline(__always)
    mutating func append(_ letter: UInt8) {
        letters = letters << 8 | UInt64(letter >= 65 && letter <= 90 ? letter | 32 : letter)
        length += 1
    }
}
