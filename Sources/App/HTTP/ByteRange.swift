/// What a `Range` field asks of a file of known size (RFC 9110 section 14). Only a single range is served: several
/// ranges get the whole file, which the RFC allows and which no attacker can turn into work.
enum ByteRange: Equatable {
    case whole
    /// Offsets of the first and the last byte, both inside the file.
    case part(ClosedRange<Int64>)
    /// Syntactically right, but beyond the end: 416.
    case unsatisfiable

    /// A field that is absent, malformed or not in bytes is ignored: `whole`.
    init(_ field: String?, size: Int64) {
        self = field.flatMap { Self.single($0, size: size) } ?? .whole
    }

    private static func single(_ field: String, size: Int64) -> ByteRange? {
        guard let equals = field.firstIndex(of: "="), field[..<equals].lowercased() == "bytes" else { return nil }
        let specs = field[field.index(after: equals)...].split(separator: ",", omittingEmptySubsequences: false)
            .map { trimmed($0) }
            .filter { !$0.isEmpty }
        guard specs.count == 1, let dash = specs[0].firstIndex(of: "-") else { return nil }
        let first = specs[0][..<dash]
        let last = specs[0][specs[0].index(after: dash)...]
        return first.isEmpty ? suffix(last, size) : from(first, to: last, size)
    }

    private static func suffix(_ length: Substring, _ size: Int64) -> ByteRange? {
        guard let length = number(length) else { return nil }
        if length == 0 { return .unsatisfiable }
        return size == 0 ? .whole : .part(max(0, size - length)...size - 1)
    }

    private static func from(_ first: Substring, to last: Substring, _ size: Int64) -> ByteRange? {
        guard let first = number(first) else { return nil }
        guard let last = last.isEmpty ? Int64.max : number(last), first <= last else { return nil }
        return first < size ? .part(first...min(last, size - 1)) : .unsatisfiable
    }

    /// Digits only; what is beyond 63 bits is as good as endless.
    private static func number(_ digits: Substring) -> Int64? {
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return nil
        }
        return Int64(digits) ?? .max
    }

    private static func trimmed(_ text: Substring) -> Substring {
        let isBlank = { (character: Character) in character == " " || character == "\t" }
        var text = text.drop(while: isBlank)
        while let last = text.last, isBlank(last) { text.removeLast() }
        return text
    }
}
