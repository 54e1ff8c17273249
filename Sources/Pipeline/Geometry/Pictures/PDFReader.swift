import Persistence

/// PDF: how many pages it has. One whose pages paint nothing has 0 entities; where that cannot be told (encryption, rare
/// filters) and where they do, entities are unknown.
///
/// Source: ISO 32000-1, sections 7.3, 7.5, 7.7.3 and 8.2 (table 51).
enum PDFReader {
    private static let bytesAtMost = 128 << 20

    static func measure(_ file: ModelFile, budget: ReadBudget) throws(ReadError) -> Geometry {
        guard file.size <= bytesAtMost else { throw .tooLarge("The PDF has more than \(bytesAtMost) bytes.") }
        let bytes = try file.load(0..<file.size)
        try budget.checkTime()
        guard bytes.starts(with: "%PDF-".utf8) else { throw .invalid("This is not a PDF file.") }
        let tail = bytes.suffix(1024)
        guard tail.firstRange(of: "startxref".utf8) != nil, tail.firstRange(of: "%%EOF".utf8) != nil else {
            throw .cutOff
        }
        let objects = try PDFObjects(bytes, budget: budget)
        let pages = objects.pages
        guard !pages.isEmpty else { return Geometry(pages: 0) }
        let isEncrypted = bytes.firstRange(of: "/Encrypt".utf8) != nil
        var isBlank = !isEncrypted
        for page in pages where isBlank { isBlank = try !objects.mayPaint(page, budget: budget) }
        return Geometry(entities: isBlank ? 0 : nil, pages: pages.count)
    }
}

extension PDFObjects {
    /// The dictionaries of the pages: `/Type /Page`, not `/Pages`.
    var pages: [ArraySlice<UInt8>] {
        all.values.filter { $0.isOf(type: "/Page") }
    }

    /// False when it is certain that the page shows nothing.
    func mayPaint(_ page: ArraySlice<UInt8>, budget: ReadBudget) throws(ReadError) -> Bool {
        for number in contents(of: page) {
            guard let object = all[number] else { continue }
            guard let content = try stream(of: object, budget: budget) else { return true }
            if Self.paints(content) { return true }
        }
        return page.firstRange(of: "/Annots".utf8) != nil
    }

    /// The numbers of the objects in `/Contents`: one, several in brackets, or one that is such a list.
    private func contents(of page: ArraySlice<UInt8>) -> [Int] {
        guard let key = page.firstRange(of: "/Contents".utf8) else { return [] }
        let numbers = page[key.upperBound...].references
        if numbers.count == 1, let list = all[numbers[0]], list.first(where: { $0 > 32 }) == UInt8(ascii: "[") {
            return list.references
        }
        return numbers
    }

    private static func paints(_ content: [UInt8]) -> Bool {
        content.split { $0 <= 32 || "()<>[]/".utf8.contains($0) }.contains { word in
            word.count <= 2 && operators.contains(String(decoding: word, as: UTF8.self))
        }
    }

    private static let operators: Set = [
        "S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "sh", "Do", "Tj", "TJ", "'", "\"", "BI",
    ]
}

extension ArraySlice<UInt8> {
    /// Whether `/Type` is followed by this name, in the dictionary or one inside it.
    func isOf(type name: String) -> Bool {
        var rest = self[..<(firstRange(of: "stream".utf8)?.lowerBound ?? endIndex)]
        while let found = rest.firstRange(of: "/Type".utf8) {
            rest = rest[found.upperBound...]
            let word = rest.drop { $0 <= 32 }
            let isWhole = word.dropFirst(name.utf8.count).first.map { $0 <= 32 || "/<>[]()%".utf8.contains($0) } ?? true
            if word.starts(with: name.utf8), isWhole { return true }
        }
        return false
    }

    /// The numbers of the objects that are referred to, as `12 0 R`, up to the next key.
    fileprivate var references: [Int] {
        let words = prefix(100_000).prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: ">") }
            .split { $0 <= 32 || $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: "]") }
        return words.indices.dropFirst(2).compactMap { index in
            guard words[index].elementsEqual("R".utf8) else { return nil }
            return Int(String(decoding: words[index - 2], as: UTF8.self))
        }
    }
}
