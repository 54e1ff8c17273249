/// The objects of a PDF, found by looking for them: cross-references are not needed, and not believed.
struct PDFObjects {
    /// From its dictionary up to and with its stream, by number. Later ones replace earlier ones.
    private(set) var all: [Int: ArraySlice<UInt8>] = [:]

    private static let objectsAtMost = 2_000_000
    private static let unpackedAtMost = 256 << 20

    init(_ bytes: [UInt8], budget: ReadBudget) throws(ReadError) {
        var rest = bytes[...]
        while let mark = rest.firstRange(of: " obj".utf8) {
            let start = mark.upperBound
            if let number = Self.number(before: mark.lowerBound, in: bytes) {
                let end = rest[start...].firstRange(of: "endobj".utf8)?.lowerBound ?? bytes.endIndex
                try budget.spend(1)
                try budget.checkTime()
                guard all.count < Self.objectsAtMost else { throw .tooLarge("The PDF has too many objects.") }
                all[number] = bytes[start..<end]
                rest = bytes[end...]
            } else {
                rest = bytes[start...]
            }
        }
        for container in Array(all.values) where container.isOf(type: "/ObjStm") {
            if let content = try stream(of: container, budget: budget) { unpack(content, container) }
        }
    }

    /// The first of the two numbers that stand before `obj`.
    private static func number(before end: Int, in bytes: [UInt8]) -> Int? {
        let words = bytes[max(0, end - 24)..<end].split(omittingEmptySubsequences: true) { $0 <= 32 }.suffix(2)
        guard words.count == 2, let first = words.first else { return nil }
        return Int(String(decoding: first.drop { !(48...57).contains($0) }, as: UTF8.self))
    }

    /// Objects in the stream of another (section 7.5.7): their numbers and places first, then the objects.
    private mutating func unpack(_ content: [UInt8], _ container: ArraySlice<UInt8>) {
        guard let first = Self.integer(of: "/First", in: container), first <= content.count else { return }
        let numbers = content[..<first].split { $0 <= 32 }.compactMap { Int(String(decoding: $0, as: UTF8.self)) }
        for index in stride(from: 0, to: numbers.count - 1, by: 2) {
            let start = first.addingReportingOverflow(max(0, numbers[index + 1])).partialValue
            let next =
                index + 3 < numbers.count
                ? first.addingReportingOverflow(max(0, numbers[index + 3])).partialValue : content.count
            guard start <= next, next <= content.count, all.count < Self.objectsAtMost else { continue }
            all[numbers[index]] = content[start..<next]
        }
    }

    private static func integer(of key: String, in object: ArraySlice<UInt8>) -> Int? {
        guard let found = object.firstRange(of: key.utf8) else { return nil }
        return object[found.upperBound...].drop { $0 <= 32 }.prefix(12).withUnsafeBytes { bytes in
            var cursor = TextCursor(bytes)
            return cursor.integer().flatMap { $0 >= 0 ? $0 : nil }
        }
    }

    /// The unpacked stream of an object; `nil` when it has none, or one in a way that is not read here.
    func stream(of object: ArraySlice<UInt8>, budget: ReadBudget) throws(ReadError) -> [UInt8]? {
        guard let mark = object.firstRange(of: "stream".utf8) else { return nil }
        let dictionary = object[..<mark.lowerBound]
        var data = object[mark.upperBound...]
        if data.first == 13 { data = data.dropFirst() }
        if data.first == 10 { data = data.dropFirst() }
        guard dictionary.firstRange(of: "/Filter".utf8) != nil else {
            let end = data.firstRange(of: "endstream".utf8)?.lowerBound ?? data.endIndex
            return Array(data[..<end])
        }
        let filters = ["/ASCII85Decode", "/LZWDecode", "/ASCIIHexDecode", "/RunLengthDecode", "/Crypt", "/DecodeParms"]
        guard dictionary.firstRange(of: "/FlateDecode".utf8) != nil,
            filters.allSatisfy({ dictionary.firstRange(of: $0.utf8) == nil })
        else { return nil }
        return try Self.inflated(data, budget: budget)
    }

    private static func inflated(_ data: ArraySlice<UInt8>, budget: ReadBudget) throws(ReadError) -> [UInt8]? {
        var inflater = try ReadError.of { () throws(ZipFault) in try Inflater(isWrapped: true) }
        var content: [UInt8] = []
        var tooLarge = false
        try Array(data).withBytes { bytes throws(ReadError) in
            inflater.push(bytes)
            // Damaged data ends the stream before its end.
            while let piece = try? inflater.pull() {
                try budget.checkTime()
                content.append(contentsOf: piece)
                tooLarge = content.count > unpackedAtMost
                if tooLarge { break }
            }
        }
        guard !tooLarge else { throw .tooLarge("A stream of the PDF is too large.") }
        return inflater.isEnded ? content : nil
    }
}
