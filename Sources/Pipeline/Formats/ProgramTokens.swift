/// The tokens of an OpenSCAD program, without comments, streamed: at most 4 KB of a string or path are kept.
struct ProgramTokens {
    enum Token {
        case word([UInt8])
        case string([UInt8], isCut: Bool)
        /// `include <path>` or `use <path>`.
        case file([UInt8], isCut: Bool)
        case symbol(UInt8)
    }

    static let mostKept = 4096

    private var stream: TextStream
    private var held: UInt8?

    init(_ content: Content) { stream = TextStream(content) }

    /// Nil at the end, also where a comment or a string has none. Throws `Errno`.
    mutating func next() throws -> Token? {
        while let byte = try take() {
            switch byte {
            case 0x22: return try string()
            case 0x2F:
                if let symbol = try comment() { return symbol }
            case let letter where Self.isWordByte(letter): return try word(letter)
            case let blank where PlainText.isBlank(blank): continue
            default: return .symbol(byte)
            }
        }
        return nil
    }

    private mutating func take() throws -> UInt8? {
        if let byte = held {
            held = nil
            return byte
        }
        return try stream.next()
    }

    /// After a slash: the slash itself, where it opens no comment.
    private mutating func comment() throws -> Token? {
        guard let second = try take() else { return .symbol(0x2F) }
        switch second {
        case 0x2F:
            while let byte = try take() {
                if byte == 0x0A || byte == 0x0D { break }
            }
            return nil
        case 0x2A:
            var last: UInt8 = 0
            while let byte = try take() {
                if last == 0x2A, byte == 0x2F { break }
                last = byte
            }
            return nil
        default:
            held = second
            return .symbol(0x2F)
        }
    }

    private mutating func word(_ first: UInt8) throws -> Token {
        var word = [first]
        while let byte = try take() {
            guard Self.isWordByte(byte) else {
                held = byte
                break
            }
            if word.count < 64 { word.append(byte) }
        }
        guard word.elementsEqual("include".utf8) || word.elementsEqual("use".utf8) else { return .word(word) }
        while let byte = try take() {
            if PlainText.isBlank(byte) { continue }
            if byte == 0x3C { return try path() }
            held = byte
            break
        }
        return .word(word)
    }

    /// After the `<`, to the `>` on the same line; without one it is no path.
    private mutating func path() throws -> Token {
        var path: [UInt8] = []
        while let byte = try take() {
            if byte == 0x3E { return .file(path, isCut: path.count > Self.mostKept) }
            if PlainText.isLineEnd(byte) { break }
            if path.count <= Self.mostKept { path.append(byte) }
        }
        return .symbol(0x3C)
    }

    private mutating func string() throws -> Token {
        var text: [UInt8] = []
        while let byte = try take() {
            if byte == 0x22 { break }
            var meant = byte
            if byte == 0x5C, let escaped = try take() {
                switch escaped {
                case 0x6E: meant = 0x0A
                case 0x72: meant = 0x0D
                case 0x74: meant = 0x09
                default: meant = escaped
                }
            }
            if text.count <= Self.mostKept { text.append(meant) }
        }
        return .string(text, isCut: text.count > Self.mostKept)
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x5F, 0x61...0x7A, 0x24: true
        default: false
        }
    }
}
