/// A header value with parameters: `form-data; name="file"; filename="a.obj"` (RFC 2045 §5.1, RFC 6266 §4.1).
struct MultipartParameters {
    /// What stands before the first semicolon, in lower case.
    let value: String
    /// By name in lower case; without their quotes, still percent-encoded.
    private let parameters: [String: [UInt8]]

    /// Nil when malformed: a parameter without a value or given twice, a quote left open, text after a quote.
    init?(_ text: some Sequence<UInt8>) {
        var rest = ArraySlice(Array(text))
        value = Self.word(upTo: [Self.semicolon], of: &rest)
        var parameters: [String: [UInt8]] = [:]
        while rest.popFirst() == Self.semicolon {
            let name = Self.word(upTo: [Self.semicolon, Self.equals], of: &rest)
            if name.isEmpty, rest.first != Self.equals { continue }
            guard !name.isEmpty, rest.popFirst() == Self.equals, let value = Self.parameterValue(&rest),
                parameters.updateValue(value, forKey: name) == nil
            else { return nil }
        }
        self.parameters = parameters
    }

    subscript(_ name: String) -> [UInt8]? { parameters[name] }
}

extension MultipartParameters {
    private static let semicolon = UInt8(ascii: ";")
    private static let equals = UInt8(ascii: "=")
    private static let quote = UInt8(ascii: "\"")
    private static let backslash = UInt8(ascii: "\\")

    private static func word(upTo ends: [UInt8], of rest: inout ArraySlice<UInt8>) -> String {
        MultipartText.lowercased(taken(upTo: ends, of: &rest))
    }

    private static func taken(upTo ends: [UInt8], of rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let taken = rest.prefix { !ends.contains($0) }
        rest = rest.dropFirst(taken.count)
        return MultipartText.trimmed(taken)
    }

    private static func parameterValue(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        rest = rest.drop(while: MultipartText.isBlank)
        guard rest.first == quote else { return Array(taken(upTo: [semicolon], of: &rest)) }
        rest.removeFirst()
        guard let value = quoted(&rest) else { return nil }
        rest = rest.drop(while: MultipartText.isBlank)
        return rest.isEmpty || rest.first == semicolon ? value : nil
    }

    /// The rest of a quoted string. A backslash escapes a quote and itself, nothing else: browsers leave the
    /// backslashes of `C:\parts\a.obj` alone.
    private static func quoted(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        var value: [UInt8] = []
        while var byte = rest.popFirst() {
            if byte == quote { return value }
            if byte == backslash, let next = rest.first, next == quote || next == backslash {
                byte = next
                rest.removeFirst()
            }
            value.append(byte)
        }
        return nil
    }
}
