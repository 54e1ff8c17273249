/// What comes before the root element of an XML document (XML 1.0, section 2.8), as far as its document type matters.
struct MarkupProlog {
    /// A public one of the formats we take, which declares nothing that a reader needs.
    private static let knownOwners = ["ISO//Web3D//", "-//W3C//"]
    private static let longestType = 1024

    private var stream: TextStream

    init(_ content: Content) { stream = TextStream(content) }

    /// Throws `ImpossibleFile.documentType` for one with declarations in it or in a file elsewhere, `Errno` for the disk.
    mutating func check() throws {
        while let byte = try stream.next() {
            guard byte == 0x3C else { continue }
            switch try stream.next() {
            case 0x3F: try skip(past: "?>")
            case 0x21: try declaration()
            default: return
            }
        }
    }

    /// A comment, or a document type.
    private mutating func declaration() throws {
        var text: [UInt8] = []
        while text.count < Self.longestType, let byte = try stream.next() {
            if byte == 0x5B { throw ImpossibleFile.documentType }
            if byte == 0x3E { return try Self.check(String(decoding: text, as: UTF8.self)) }
            text.append(byte)
            if text.elementsEqual("--".utf8) { return try skip(past: "-->") }
        }
        throw ImpossibleFile.documentType
    }

    /// `DOCTYPE X3D PUBLIC "ISO//Web3D//DTD X3D 3.2//EN" "http://..."`, or one without any place.
    private static func check(_ text: String) throws(ImpossibleFile) {
        let quoted = text.split { $0 == "\"" || $0 == "'" }.map(String.init)
        let words = quoted.first?.split(whereSeparator: \.isWhitespace) ?? []
        if words.count <= 2, quoted.count <= 1 { return }
        let isKnown =
            words.count == 3 && words[2] == "PUBLIC"
            && knownOwners.contains { quoted.dropFirst().first?.hasPrefix($0) == true }
            && quoted.dropFirst(2).allSatisfy { $0.allSatisfy(\.isWhitespace) || $0.hasPrefix("http") }
        guard isKnown else { throw .documentType }
    }

    private mutating func skip(past mark: String) throws {
        let mark = Array(mark.utf8)
        var last: [UInt8] = []
        while last != mark, let byte = try stream.next() {
            last.append(byte)
            if last.count > mark.count { last.removeFirst() }
        }
    }
}
