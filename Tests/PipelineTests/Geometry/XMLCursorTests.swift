import Testing

@testable import Pipeline

struct XMLCursorTests {
    /// What a document shows, a word for each token. The source gives `piece` bytes at a time.
    private func tokens(_ text: String, piece: Int = 7) throws(ReadError) -> [String] {
        try tokens(Array(text.utf8), piece: piece)
    }

    private func tokens(_ bytes: [UInt8], piece: Int = 7) throws(ReadError) -> [String] {
        var place = 0
        let xml = XMLCursor(
            { buffer throws(ReadError) in
                let count = min(piece, buffer.count, bytes.count - place)
                buffer.copyBytes(from: bytes[place..<place + count])
                place += count
                return count
            }, budget: ReadBudget(ReadCaps()))
        var tokens: [String] = []
        while true {
            switch try xml.next() {
            case .open: tokens.append("<" + xml.name + (xml.attribute("a").map { " a=" + $0.string } ?? ""))
            case .text: tokens.append(String(decoding: xml.text, as: UTF8.self))
            case .close: tokens.append(">")
            case .end: return tokens
            }
        }
    }

    @Test(arguments: [1, 2, 3, 7, 100_000])
    func `a document is read the same in pieces of any size`(piece: Int) throws {
        let text = """
            \u{FEFF}<?xml version="1.0"?>
            <!DOCTYPE r PUBLIC "-//>//" 'x'><!-- <b> -- >--><p:r
            p:a = '1 > 0 &amp;&lt;'><b/>one <c a="x"></c ><![CDATA[<]]]><!----></p:r>
            """
        let joined = try tokens(text, piece: piece).joined(separator: "")
        #expect(joined == "<r a=1 > 0 &<" + "<b>" + "one " + "<c a=x>" + "<]" + ">")
    }

    @Test func `text in UTF-16 is read, in either byte order, with a mark or without`() throws {
        let units = Array("<a><b a='ü'/>5</a>".utf16)
        let little = units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let big = units.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        for bytes in [little, big, [0xFF, 0xFE] + little, [0xFE, 0xFF] + big] {
            for piece in [3, 1000] {
                #expect(try tokens(bytes, piece: piece) == ["<a", "<b a=?", ">", "5", ">"])
            }
        }
    }

    @Test(arguments: [
        "", "text", "<a>", "<a></b>", "<a/><b/>", "</a>", "<a b/>", "<a b=c/>", "<a b='c/>", "<a <b/>", "<>", "< a/>",
        "<a/>x", "<a><!-- </a>", "<a><![CDATA[ </a>", "<![CDATA[x]]><a/>", "<a/><!DOCTYPE a>", "<!ELEMENT a>", "<",
        "<!DOCTYPE a [ <!ENTITY x 'y'> ]><a>&x;</a>", "<!DOCTYPE a SYSTEM '[' ><a/>",
        String(repeating: "<a>", count: 129) + String(repeating: "</a>", count: 129),
    ]) func `what is no sound document is refused`(text: String) {
        #expect(throws: ReadError.self) { try tokens(text) }
    }

    @Test func `a tag has an end somewhere`() {
        let endless = "<a b='" + String(repeating: "x", count: 17 << 20)
        #expect(throws: ReadError.tooLarge("A tag of the XML is longer than 16777216 bytes.")) {
            try tokens(endless, piece: 1 << 20)
        }
    }

    @Test func `numbers are whole, wherever the window ends`() throws {
        let text = "<a>" + (0..<200_000).map { " \($0).5" }.joined() + "</a>"
        let bytes = Array(text.utf8)
        var place = 0
        let xml = XMLCursor(
            { buffer throws(ReadError) in
                let count = min(100_003, buffer.count, bytes.count - place)
                buffer.copyBytes(from: bytes[place..<place + count])
                place += count
                return count
            }, budget: ReadBudget(ReadCaps()))
        try xml.root("a")
        #expect(try xml.numbers(atMost: 200_000) == (0..<200_000).map { Double($0) + 0.5 })
    }
}
