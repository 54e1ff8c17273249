/// A small piece of JSON. Equal values are equal bytes: members keep the order in which they are written down.
enum JSONValue: Equatable, Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    /// Renders as `null` when it is not finite: JSON has no word for it.
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)
    /// JSON that was rendered before, as rows keep it.
    case rendered(String)

    /// The text of RFC 8259, without white space.
    var text: String {
        String(decoding: bytes, as: UTF8.self)
    }

    /// The same in UTF-8.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        write(to: &bytes)
        return bytes
    }

    /// The same with the end of a line.
    var line: [UInt8] {
        var line = bytes
        line.append(UInt8(ascii: "\n"))
        return line
    }

    private func write(to bytes: inout [UInt8]) {
        switch self {
        case .null: bytes += "null".utf8
        case .bool(let value): bytes += (value ? "true" : "false").utf8
        case .integer(let value): bytes += String(value).utf8
        case .number(let value): bytes += (value.isFinite ? String(value) : "null").utf8
        case .string(let value): Self.write(quoted: value, to: &bytes)
        case .array(let values): Self.write(values, to: &bytes)
        case .object(let members): Self.write(members, to: &bytes)
        case .rendered(let text): bytes += text.utf8
        }
    }

    private static func write(_ values: [JSONValue], to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "["))
        for (index, value) in values.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            value.write(to: &bytes)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    private static func write(_ object: JSONObject, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "{"))
        for (index, member) in object.members.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            write(quoted: member.name, to: &bytes)
            bytes.append(UInt8(ascii: ":"))
            member.value.write(to: &bytes)
        }
        bytes.append(UInt8(ascii: "}"))
    }

    /// All at once where nothing has to be escaped, which is nearly always.
    private static func write(quoted string: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        if string.utf8.allSatisfy(isPlain) {
            bytes += string.utf8
        } else {
            for byte in string.utf8 { write(escaped: byte, to: &bytes) }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    private static func write(escaped byte: UInt8, to bytes: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "\""): bytes += "\\\"".utf8
        case UInt8(ascii: "\\"): bytes += "\\\\".utf8
        case UInt8(ascii: "\n"): bytes += "\\n".utf8
        case UInt8(ascii: "\r"): bytes += "\\r".utf8
        case UInt8(ascii: "\t"): bytes += "\\t".utf8
        case ..<0x20: bytes += ("\\u00" + (byte < 0x10 ? "0" : "") + String(byte, radix: 16)).utf8
        default: bytes.append(byte)
        }
    }
}

/// The members of an object, each name once, in the order in which they came.
struct JSONObject: Equatable, Sendable {
    struct Member: Equatable, Sendable {
        let name: String
        let value: JSONValue
    }

    private(set) var members: [Member]

    /// Takes the place of a member with that name, or comes last.
    subscript(name: String) -> JSONValue? {
        get { members.first { $0.name == name }?.value }
        set {
            let place = members.firstIndex { $0.name == name } ?? members.endIndex
            let range = place..<min(place + 1, members.endIndex)
            members.replaceSubrange(range, with: newValue.map { [Member(name: name, value: $0)] } ?? [])
        }
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    /// The names of a literal are told apart by whoever writes it.
    init(dictionaryLiteral members: (String, JSONValue)...) {
        self.members = members.map(Member.init)
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral {
    init(stringLiteral value: String) { self = .string(value) }
    init(integerLiteral value: Int64) { self = .integer(value) }
    init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
}
