/// Text and attributes as XML writes them.
enum MarkupText {
    /// The five predefined entities and characters by their number (XML 1.0, sections 4.1 and 4.6); all else stays.
    static func decoded(_ text: ArraySlice<UInt8>) -> [UInt8] {
        var decoded: [UInt8] = []
        var rest = text
        while let byte = rest.popFirst() {
            if byte == 0x26, let end = rest.prefix(12).firstIndex(of: 0x3B),
                let character = character(String(decoding: rest[..<end], as: UTF8.self))
            {
                decoded += String(character).utf8
                rest = rest[(end + 1)...]
            } else {
                decoded.append(byte)
            }
        }
        return decoded
    }

    /// The value of an attribute in what follows a tag's name; nil where it has none.
    static func attribute(_ name: String, in rest: ArraySlice<UInt8>) -> [UInt8]? {
        var rest = rest.drop(while: PlainText.isBlank)
        while !rest.isEmpty {
            let found = rest.prefix { $0 != 0x3D && !PlainText.isBlank($0) }
            rest = rest[found.endIndex...].drop { PlainText.isBlank($0) || $0 == 0x3D }
            guard let quote = rest.popFirst(), quote == 0x22 || quote == 0x27 else { return nil }
            let value = rest.prefix { $0 != quote }
            if found.elementsEqual(name.utf8) { return MarkupText.decoded(value) }
            rest = rest[value.endIndex...].dropFirst().drop(while: PlainText.isBlank)
        }
        return nil
    }

    private static func character(_ entity: String) -> Unicode.Scalar? {
        switch entity {
        case "amp": "&"
        case "lt": "<"
        case "gt": ">"
        case "quot": "\""
        case "apos": "'"
        case let number where number.hasPrefix("#x"):
            UInt32(number.dropFirst(2), radix: 16).flatMap(Unicode.Scalar.init)
        case let number where number.hasPrefix("#"): UInt32(number.dropFirst()).flatMap(Unicode.Scalar.init)
        default: nil
        }
    }
}
