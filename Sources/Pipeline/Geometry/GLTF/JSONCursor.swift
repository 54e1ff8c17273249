/// A place in JSON text that is read once, from front to back, without a tree in memory.
///
/// Made for files that are not trusted: nothing is kept but what the caller keeps, and nesting ends at 256 levels.
/// An object is `open("{")`, `nextKey()` until `nil`; an array is `open("[")`, `nextElement()` until false; after each
/// key or element exactly one value must be read or skipped. Grammar: RFC 8259.
struct JSONCursor {
    let bytes: [UInt8]
    private let budget: ReadBudget
    private var place = 0
    private var depth = 0
    /// Right behind an opening bracket, where no comma may stand.
    private var isFresh = false
    private var steps = 0

    private static let deepest = 256

    /// A byte order mark is stepped over.
    init(_ bytes: [UInt8], budget: ReadBudget) {
        self.bytes = bytes
        self.budget = budget
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { place = 3 }
    }

    static let broken = ReadError.invalid("The JSON of the glTF is broken.")

    /// The byte at hand, 0 at the end.
    private var byte: UInt8 { place < bytes.count ? bytes[place] : 0 }

    /// Where the next token begins.
    mutating func position() -> Int {
        skipBlanks()
        return place
    }

    mutating func peek() -> UInt8 {
        skipBlanks()
        return byte
    }

    mutating func open(_ bracket: Unicode.Scalar) throws(ReadError) {
        try take(UInt8(ascii: bracket))
        depth += 1
        guard depth <= Self.deepest else { throw .invalid("The JSON of the glTF is nested too deeply.") }
        isFresh = true
    }

    mutating func nextKey() throws(ReadError) -> String? {
        guard try next(closing: UInt8(ascii: "}")) else { return nil }
        let key = try string()
        try take(UInt8(ascii: ":"))
        return key
    }

    mutating func nextElement() throws(ReadError) -> Bool { try next(closing: UInt8(ascii: "]")) }

    private mutating func next(closing bracket: UInt8) throws(ReadError) -> Bool {
        steps &+= 1
        if steps & 0xFFFF == 0 { try budget.checkTime() }
        if peek() == bracket {
            place += 1
            depth -= 1
            isFresh = false
            return false
        }
        if !isFresh { try take(UInt8(ascii: ",")) }
        isFresh = false
        return true
    }

    /// Steps over any value.
    mutating func skip() throws(ReadError) {
        switch peek() {
        case UInt8(ascii: "{"):
            try open("{")
            while try nextKey() != nil { try skip() }
        case UInt8(ascii: "["):
            try open("[")
            while try nextElement() { try skip() }
        case UInt8(ascii: "\""): _ = try stringRange()
        case UInt8(ascii: "t"): try take("true")
        case UInt8(ascii: "f"): try take("false")
        case UInt8(ascii: "n"): try take("null")
        default: _ = try number()
        }
    }

    mutating func bool() throws(ReadError) -> Bool {
        let value = peek() == UInt8(ascii: "t")
        try take(value ? "true" : "false")
        return value
    }

    mutating func number() throws(ReadError) -> Double {
        skipBlanks()
        guard byte == UInt8(ascii: "-") || (48...57).contains(byte) else { throw Self.broken }
        let start = place
        while Self.isPartOfNumber(byte) { place += 1 }
        let value = bytes[start..<place].withUnsafeBytes { digits in
            var cursor = TextCursor(digits)
            return cursor.number()
        }
        guard let value else { throw Self.broken }
        return value
    }

    private static func isPartOfNumber(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "e"), UInt8(ascii: "E"):
            true
        default: false
        }
    }

    /// A whole number from 0 to 2⁴⁰: an index, a count, a length. Products of two sizes cannot overflow then.
    mutating func natural() throws(ReadError) -> Int {
        let value = try number()
        guard value >= 0, value <= 0x100_0000_0000, value == value.rounded() else {
            throw .invalid("The glTF has an index or a size that is not a whole number from 0 up.")
        }
        return Int(value)
    }

    /// Where a string is, without its quotes, and whether it has escapes.
    mutating func stringRange() throws(ReadError) -> (range: Range<Int>, isEscaped: Bool) {
        try take(UInt8(ascii: "\""))
        let start = place
        var isEscaped = false
        while place < bytes.count {
            switch bytes[place] {
            case UInt8(ascii: "\""):
                place += 1
                return (start..<place - 1, isEscaped)
            case UInt8(ascii: "\\"):
                isEscaped = true
                place += 2
            case ..<32: throw Self.broken
            default: place += 1
            }
        }
        throw Self.broken
    }

    /// After the last value: only blanks, or the zeros some writers pad a GLB with.
    mutating func end() throws(ReadError) {
        while peek() == 0, place < bytes.count { place += 1 }
        guard place >= bytes.count else { throw Self.broken }
    }

    private mutating func take(_ byte: UInt8) throws(ReadError) {
        guard peek() == byte else { throw Self.broken }
        place += 1
    }

    private mutating func take(_ word: String) throws(ReadError) {
        guard bytes[min(place, bytes.count)...].starts(with: word.utf8) else { throw Self.broken }
        place += word.utf8.count
    }

    /// One look at each byte: with `byte == 32 || byte == 10` the optimiser of Swift 6.3.1 forgets steps of the loop.
    private mutating func skipBlanks() {
        while place < bytes.count {
            switch bytes[place] {
            case 9, 10, 13, 32: place += 1
            default: return
            }
        }
    }
}
