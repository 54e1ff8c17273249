/// Where the parts of a start tag are.
struct XMLTag {
    private(set) var name = 0..<0
    /// Whether the element ends with its tag.
    var isEmpty = false
    private var attributes: [(name: Range<Int>, value: Range<Int>)] = []

    private static let attributesAtMost = 1000

    /// - Parameter range: what stands between `<` and `>`.
    mutating func read(_ range: Range<Int>, of bytes: UnsafeRawBufferPointer) throws(ReadError) {
        isEmpty = range.last.map { bytes[$0] == UInt8(ascii: "/") } ?? false
        let end = isEmpty ? range.upperBound - 1 : range.upperBound
        var place = range.lowerBound
        name = Self.word(from: &place, to: end, of: bytes)
        attributes.removeAll(keepingCapacity: true)
        guard !name.isEmpty else { throw XMLCursor.broken }
        while Self.skipBlanks(&place, to: end, of: bytes) {
            let key = Self.word(from: &place, to: end, of: bytes)
            guard !key.isEmpty, attributes.count < Self.attributesAtMost else { throw XMLCursor.broken }
            attributes.append((key, try Self.value(from: &place, to: end, of: bytes)))
        }
    }

    func attribute(_ name: StaticString, in bytes: UnsafeRawBufferPointer) -> Range<Int>? {
        let wanted = UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        for attribute in attributes where attribute.name.count >= wanted.count {
            let start = attribute.name.upperBound - wanted.count
            let isLocal = start == attribute.name.lowerBound || bytes[start - 1] == UInt8(ascii: ":")
            if isLocal, bytes[start..<attribute.name.upperBound].elementsEqual(wanted) { return attribute.value }
        }
        return nil
    }

    /// Up to a blank or an equals sign.
    private static func word(from place: inout Int, to end: Int, of bytes: UnsafeRawBufferPointer) -> Range<Int> {
        let start = place
        while place < end {
            switch bytes[place] {
            case ...32, UInt8(ascii: "="), UInt8(ascii: "\""), UInt8(ascii: "'"): return start..<place
            default: place += 1
            }
        }
        return start..<place
    }

    private static func value(
        from place: inout Int, to end: Int, of bytes: UnsafeRawBufferPointer
    ) throws(ReadError) -> Range<Int> {
        guard skipBlanks(&place, to: end, of: bytes), bytes[place] == UInt8(ascii: "=") else { throw XMLCursor.broken }
        place += 1
        guard skipBlanks(&place, to: end, of: bytes) else { throw XMLCursor.broken }
        let quote = bytes[place]
        let start = place + 1
        guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'"),
            let stop = bytes[start..<end].firstIndex(of: quote)
        else { throw XMLCursor.broken }
        place = stop + 1
        return start..<stop
    }

    /// False at the end.
    private static func skipBlanks(_ place: inout Int, to end: Int, of bytes: UnsafeRawBufferPointer) -> Bool {
        while place < end, bytes[place] <= 32 { place += 1 }
        return place < end
    }
}
