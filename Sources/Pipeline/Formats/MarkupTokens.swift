/// The tags and texts of an XML document (XML 1.0), streamed: whatever its size, at most 4 KB of a text and 64 KB of a
/// tag are kept. Well-formedness is not checked beyond what it takes to see them.
struct MarkupTokens {
    enum Token {
        /// Local name, and what follows it, still as it is written. An empty element is opened and closed.
        case open(name: [UInt8], rest: ArraySlice<UInt8>)
        case close
        /// With its entities decoded; a text with comments in it comes in pieces.
        case text([UInt8], isCut: Bool)
        /// A document type that declares something of its own, such as entities.
        case declarations
    }

    static let mostText = 4096
    static let mostTag = 64 * 1024

    private var stream: TextStream
    private var pending: [Token] = []
    private var isInTag = false

    init(_ content: Content) { stream = TextStream(content) }

    /// Nil at the end. Throws `UnreadableReferences` where a tag has no end, `Errno` for the disk.
    mutating func next() throws -> Token? {
        while true {
            if let token = pending.popLast() { return token }
            if isInTag {
                isInTag = false
                try tag()
            } else {
                var text: [UInt8] = []
                var isCut = false
                while let byte = try stream.next() {
                    if byte == 0x3C {
                        isInTag = true
                        break
                    }
                    if text.count < Self.mostText { text.append(byte) } else { isCut = true }
                }
                if !text.isEmpty { return .text(MarkupText.decoded(text[...]), isCut: isCut) }
                if !isInTag { return nil }
            }
        }
    }

    /// What follows a `<`.
    private mutating func tag() throws {
        switch try stream.next() {
        case 0x3F: try skip(past: "?>")
        case 0x21: try declaration()
        case 0x2F:
            try skip(past: ">")
            pending = [.close]
        case let first?: try element(first)
        case nil: throw UnreadableReferences.malformedMarkup
        }
    }

    private mutating func element(_ first: UInt8) throws {
        var tag = [first]
        var quote: UInt8?
        while let byte = try stream.next() {
            if byte == 0x3E, quote == nil { return show(tag) }
            if byte == quote {
                quote = nil
            } else if quote == nil, byte == 0x22 || byte == 0x27 {
                quote = byte
            }
            guard tag.count < Self.mostTag else { throw UnreadableReferences.malformedMarkup }
            tag.append(byte)
        }
        throw UnreadableReferences.malformedMarkup
    }

    /// Pending tokens are kept last first.
    private mutating func show(_ tag: [UInt8]) {
        let isEmpty = tag.last == 0x2F
        let body = isEmpty ? tag.dropLast() : tag[...]
        let name = body.prefix { !PlainText.isBlank($0) }
        let local = name.split(separator: 0x3A).last ?? name
        pending = (isEmpty ? [.close] : []) + [.open(name: Array(local), rest: body[name.endIndex...])]
    }

    /// A comment, a section of character data, or a document type.
    private mutating func declaration() throws {
        var start: [UInt8] = []
        while start.count < 7, let byte = try stream.next() {
            start.append(byte)
            if start.starts(with: "--".utf8) { return try skip(past: "-->") }
            if start.elementsEqual("[CDATA[".utf8) { return try characterData() }
            if byte == 0x3E { return }
        }
        while let byte = try stream.next() {
            if byte == 0x3E { return }
            if byte == 0x5B {
                pending = [.declarations]
                return try skip(past: "]")
            }
        }
        throw UnreadableReferences.malformedMarkup
    }

    private mutating func characterData() throws {
        var text: [UInt8] = []
        var last: (UInt8, UInt8) = (0, 0)
        var isCut = false
        while let byte = try stream.next() {
            if byte == 0x3E, last == (0x5D, 0x5D) {
                pending = [.text(isCut ? text : text.dropLast(2), isCut: isCut)]
                return
            }
            if text.count < Self.mostText { text.append(byte) } else { isCut = true }
            last = (last.1, byte)
        }
        throw UnreadableReferences.malformedMarkup
    }

    private mutating func skip(past mark: String) throws {
        let mark = Array(mark.utf8)
        var last: [UInt8] = []
        while let byte = try stream.next() {
            last.append(byte)
            if last.count > mark.count { last.removeFirst() }
            if last == mark { return }
        }
        throw UnreadableReferences.malformedMarkup
    }
}
