extension JSONCursor {
    /// The text of a string, its escapes resolved.
    mutating func string() throws(ReadError) -> String {
        let (range, isEscaped) = try stringRange()
        guard isEscaped else { return String(decoding: bytes[range], as: UTF8.self) }
        var rest = bytes[range]
        var text: [UInt8] = []
        while let backslash = rest.firstIndex(of: UInt8(ascii: "\\")) {
            text.append(contentsOf: rest[..<backslash])
            rest = rest[(backslash + 1)...]
            guard let letter = rest.popFirst() else { throw Self.broken }
            if letter == UInt8(ascii: "u") {
                text.append(contentsOf: try Self.scalars(&rest).utf8)
            } else {
                text.append(try Self.byte(escapedAs: letter))
            }
        }
        return String(decoding: text + rest, as: UTF8.self)
    }

    private static func byte(escapedAs letter: UInt8) throws(ReadError) -> UInt8 {
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return letter
        case UInt8(ascii: "b"): return 8
        case UInt8(ascii: "t"): return 9
        case UInt8(ascii: "n"): return 10
        case UInt8(ascii: "f"): return 12
        case UInt8(ascii: "r"): return 13
        default: throw broken
        }
    }

    /// What a run of `\u` escapes stands for, the first `\u` being behind already: pairs make one scalar.
    private static func scalars(_ rest: inout ArraySlice<UInt8>) throws(ReadError) -> String {
        var units: [UInt16] = []
        while true {
            guard rest.count >= 4, let unit = UInt16(String(decoding: rest.prefix(4), as: UTF8.self), radix: 16) else {
                throw broken
            }
            units.append(unit)
            rest.removeFirst(4)
            guard rest.starts(with: "\\u".utf8) else { return String(decoding: units, as: UTF16.self) }
            rest.removeFirst(2)
        }
    }
}
