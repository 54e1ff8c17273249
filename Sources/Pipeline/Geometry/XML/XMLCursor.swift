import Glibc

/// A place in an XML document (XML 1.0) that is read once, from front to back, without a tree in memory.
///
/// Made for files that are not trusted: no document type with declarations of its own is taken and no entity but the
/// five that XML knows, nothing outside the file is looked at, nesting ends at 128 levels, and every element counts
/// against the budget.
final class XMLCursor {
    enum Token {
        /// An element begins: `name`, `attribute(_:)`.
        case open
        /// A piece of `text` that is not blank; pieces end at blanks, unless a word is longer than 100 KB.
        case text
        /// An element ends.
        case close
        /// Of the document.
        case end
    }

    /// Of the element that was opened last, without prefix.
    private(set) var name = ""
    private var bytes: XMLBytes
    private let budget: ReadBudget
    /// The full names of the open elements.
    private var open: [String] = []
    private var hasRoot = false
    private var isInCDATA = false
    private var tag = XMLTag()
    /// Bytes of the token at hand: dropped when the next one is asked for.
    private var used = 0

    private static let deepest = 128

    init(_ source: @escaping XMLBytes.Source, budget: ReadBudget) {
        bytes = XMLBytes(source, budget: budget)
        self.budget = budget
    }

    static let broken = ReadError.invalid("The XML is broken.")

    /// How many elements are open.
    var depth: Int { open.count }

    /// Of the element that was opened last, by its name without prefix. It lasts until the next token.
    func attribute(_ name: StaticString) -> XMLText? {
        let ready = bytes.ready
        return tag.attribute(name, in: ready).map { XMLText(bytes: UnsafeRawBufferPointer(rebasing: ready[$0])) }
    }

    /// The text at hand. It lasts until the next token.
    var text: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes.ready[..<used]) }

    func next() throws(ReadError) -> Token {
        if tag.isEmpty {
            tag.isEmpty = false
            open.removeLast()
            return .close
        }
        while true {
            bytes.drop(used)
            used = 0
            guard try has(1) else {
                guard open.isEmpty, hasRoot else { throw .cutOff }
                return .end
            }
            if let token = try token() { return token }
        }
    }

    /// `nil` when what was read is of no interest.
    private func token() throws(ReadError) -> Token? {
        if isInCDATA { return try rawText() }
        guard bytes.ready[0] == UInt8(ascii: "<") else { return try plainText() }
        guard try has(2) else { throw .cutOff }
        switch bytes.ready[1] {
        case UInt8(ascii: "?"): try skip(past: "?>", from: 2)
        case UInt8(ascii: "!"): try declaration()
        case UInt8(ascii: "/"): return try closing()
        default: return try opening()
        }
        return nil
    }

    private func opening() throws(ReadError) -> Token {
        let end = try tagEnd()
        guard !open.isEmpty || !hasRoot, open.count < Self.deepest else { throw Self.broken }
        try budget.spend(1)
        try tag.read(1..<end, of: bytes.ready)
        let full = String(decoding: bytes.ready[tag.name], as: UTF8.self)
        name = full.utf8.lastIndex(of: UInt8(ascii: ":")).map { String(full[full.utf8.index(after: $0)...]) } ?? full
        open.append(full)
        hasRoot = true
        used = end + 1
        return .open
    }

    private func closing() throws(ReadError) -> Token {
        let end = try tagEnd()
        let word = bytes.ready[2..<end].prefix { $0 > 32 }
        guard let last = open.popLast(), last.utf8.elementsEqual(word) else { throw Self.broken }
        used = end + 1
        return .close
    }

    private func declaration() throws(ReadError) {
        _ = try has(9)
        if bytes.ready.starts(with: "<!--".utf8) { return try skip(past: "-->", from: 4) }
        if bytes.ready.starts(with: "<![CDATA[".utf8), !open.isEmpty {
            isInCDATA = true
            used = 9
            return
        }
        guard bytes.ready.starts(with: "<!DOCTYPE".utf8), !hasRoot else { throw Self.broken }
        let end = try tagEnd()
        guard !bytes.ready[..<end].contains(UInt8(ascii: "[")) else {
            throw .invalid("The XML declares entities of its own, which are not taken.")
        }
        used = end + 1
    }

    /// Where the tag at hand ends: at the first `>` that is not in quotes.
    private func tagEnd() throws(ReadError) -> Int {
        var index = 1
        var quote: UInt8 = 0
        while true {
            let ready = bytes.ready
            while index < ready.count {
                switch ready[index] {
                case quote: quote = 0
                case UInt8(ascii: ">") where quote == 0: return index
                case UInt8(ascii: "<") where quote == 0: throw Self.broken
                case UInt8(ascii: "\"") where quote == 0: quote = UInt8(ascii: "\"")
                case UInt8(ascii: "'") where quote == 0: quote = UInt8(ascii: "'")
                default: break
                }
                index += 1
            }
            guard try bytes.more() else { throw .cutOff }
        }
    }

    private func plainText() throws(ReadError) -> Token? {
        try takeText(before: "<")
        let isBlank = text.allSatisfy { $0 <= 32 }
        guard !open.isEmpty || isBlank else { throw Self.broken }
        return isBlank ? nil : .text
    }

    private func rawText() throws(ReadError) -> Token? {
        if bytes.ready[0] == UInt8(ascii: "]") {
            guard try has(3) else { throw .cutOff }
            isInCDATA = !bytes.ready.starts(with: "]]>".utf8)
            used = isInCDATA ? 1 : 3
            return isInCDATA ? .text : nil
        }
        try takeText(before: "]")
        return .text
    }

    private func takeText(before mark: Unicode.Scalar) throws(ReadError) {
        repeat {
            let ready = bytes.ready
            if let stop = ready.firstIndex(of: UInt8(ascii: mark)) {
                used = stop
                return
            }
            if bytes.isCrowded {
                used = ready.lastIndex { $0 <= 32 }.map { $0 + 1 } ?? ready.count
                return
            }
        } while try bytes.more()
        used = bytes.ready.count
    }

    private func skip(past mark: String, from offset: Int) throws(ReadError) {
        bytes.drop(offset)
        while true {
            if let found = bytes.ready.firstRange(of: mark.utf8) {
                used = found.upperBound
                return
            }
            bytes.drop(max(0, bytes.ready.count - mark.utf8.count + 1))
            guard try bytes.more() else { throw .cutOff }
        }
    }

    private func has(_ count: Int) throws(ReadError) -> Bool {
        while bytes.ready.count < count {
            guard try bytes.more() else { return false }
        }
        return true
    }
}
