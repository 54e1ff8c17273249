/// The root element of XML and HTML, found without a parser.
enum Markup {
    /// The root's name in lower case without prefix; "" where markup opens but no root comes within the head (a long
    /// comment, say); nil where it is no markup. Skipped before it: declarations, comments, a document type with its
    /// internal subset (XML 1.0, section 2.8).
    static func root(of content: Content) -> String? {
        guard let text = content.text else { return nil }
        var rest = text.drop(while: PlainText.isBlank)
        guard rest.first == 0x3C, let second = rest.dropFirst().first,
            isNameByte(second) || second == 0x21 || second == 0x3F
        else { return nil }
        while rest.first == 0x3C {
            if rest.starts(with: "<?".utf8) {
                rest = after("?>", in: rest)
            } else if rest.starts(with: "<!--".utf8) {
                rest = after("-->", in: rest)
            } else if rest.starts(with: "<!".utf8) {
                if PlainText.matches(rest.dropFirst(2).prefix(12), "doctype html") { return "html" }
                rest = afterDocumentType(rest)
            } else {
                return name(rest.dropFirst())
            }
            rest = rest.drop(while: PlainText.isBlank)
        }
        return ""
    }

    private static func name(_ rest: ArraySlice<UInt8>) -> String {
        let name = rest.prefix(while: isNameByte).prefix(40)
        let local = name.split(separator: 0x3A).last ?? name
        return String(decoding: PlainText.lowercased(local), as: UTF8.self)
    }

    private static func after(_ mark: String, in text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard let found = text.firstRange(of: mark.utf8) else { return text.suffix(0) }
        return text[found.upperBound...]
    }

    private static func afterDocumentType(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var inSubset = false
        for index in text.indices {
            switch text[index] {
            case 0x5B: inSubset = true
            case 0x5D: inSubset = false
            case 0x3E where !inSubset: return text[(index + 1)...]
            default: break
            }
        }
        return text.suffix(0)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x3A, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
        default: false
        }
    }
}
