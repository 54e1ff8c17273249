/// How text travels in the header of a part.
enum MultipartText {
    /// A name as browsers send it: UTF-8 with `"`, CR and LF as `%22`, `%0D`, `%0A` and nothing else encoded (WHATWG
    /// HTML, multipart/form-data encoding algorithm), so that `100%25.obj` stays as it is. Broken UTF-8 is repaired.
    static func ofBrowser(_ bytes: [UInt8]) -> String {
        String(decoding: percentDecoded(bytes) { [0x22, 0x0D, 0x0A].contains($0) }, as: UTF8.self)
    }

    /// An extended value, `UTF-8''na%C3%AFve.obj` (RFC 8187 §3.2). Nil in another charset or if it is not UTF-8 after
    /// all: then the plain parameter counts.
    static func extended(_ bytes: [UInt8]) -> String? {
        let fields = bytes.split(separator: UInt8(ascii: "'"), maxSplits: 2, omittingEmptySubsequences: false)
        guard fields.count == 3, lowercased(fields[0]) == "utf-8" else { return nil }
        return String(validating: percentDecoded(fields[2]) { _ in true }, as: UTF8.self)
    }

    static func lowercased(_ text: some Collection<UInt8>) -> String {
        String(decoding: text, as: UTF8.self).lowercased()
    }

    static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let text = text.drop(while: isBlank)
        return text.dropLast(text.reversed().prefix(while: isBlank).count)
    }

    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    /// A percent sign without two hexadecimal digits, or for a byte that is not `wanted`, stays.
    private static func percentDecoded(
        _ bytes: some RandomAccessCollection<UInt8>, where wanted: (UInt8) -> Bool
    ) -> [UInt8] {
        var decoded: [UInt8] = []
        var rest = ArraySlice(bytes)
        while let byte = rest.popFirst() {
            let digits = rest.prefix(2)
            if byte == UInt8(ascii: "%"), digits.count == 2,
                digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16), wanted(value)
            {
                decoded.append(value)
                rest = rest.dropFirst(2)
            } else {
                decoded.append(byte)
            }
        }
        return decoded
    }
}
