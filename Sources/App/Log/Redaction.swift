/// The second wall before the log: texts that come from elsewhere (errors, descriptions of requests) lose what looks
/// like a credential. The first is the type ``Secret``, and that requests are never logged whole.
enum Redaction {
    static let mark = "[redacted]"

    /// Fields of HTTP, of which all that follows on the line is secret.
    private static let fields: Set<String> = [
        "authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "api-key",
    ]
    /// Parameters of queries and the like.
    private static let parameters: Set<String> = [
        "key", "api_key", "apikey", "token", "access_token", "auth", "secret", "client_secret", "password", "passwd",
        "sig",
        "signature", "session",
    ]
    private static let schemes: Set<String> = ["bearer", "basic"]

    /// Whether what stands under this name is nobody's business.
    static func hides(_ name: String) -> Bool {
        let name = name.lowercased()
        return fields.contains(name) || parameters.contains(name)
    }

    /// The text with ``mark`` in the place of the values of `Authorization: …`, `?token=…`, `Bearer …` and their like.
    static func clean(_ text: String) -> String {
        guard text.utf8.contains(where: isSeparator) else { return text }
        let bytes = Array(text.utf8)
        var clean: [UInt8] = []
        var (place, wordStart) = (0, 0)
        while place < bytes.count {
            let byte = bytes[place]
            clean.append(byte)
            place += 1
            if isSeparator(byte), let end = endOfSecret(bytes, word: wordStart..<place - 1, after: byte, from: place) {
                clean += (byte == UInt8(ascii: ":") ? " " + mark : mark).utf8
                place = end
            }
            if !isWord(byte) { wordStart = place }
        }
        return String(decoding: clean, as: UTF8.self)
    }

    /// Where the value ends that follows the word and its separator; nil when it may stay.
    private static func endOfSecret(_ bytes: [UInt8], word: Range<Int>, after separator: UInt8, from start: Int) -> Int?
    {
        guard !word.isEmpty, word.count <= 20 else { return nil }
        let name = String(decoding: bytes[word], as: UTF8.self).lowercased()
        var end = start
        switch separator {
        case UInt8(ascii: ":"):
            guard fields.contains(name) else { return nil }
            while end < bytes.count, bytes[end] != UInt8(ascii: "\n"), bytes[end] != UInt8(ascii: "\"") { end += 1 }
        case UInt8(ascii: "="):
            guard hides(name) else { return nil }
            while end < bytes.count, !endsValue(bytes[end]) { end += 1 }
        default:
            guard schemes.contains(name) else { return nil }
            while end < bytes.count, !endsValue(bytes[end]) { end += 1 }
            // "basic shapes" is no credential.
            if end - start < 8 { return nil }
        }
        return end > start ? end : nil
    }

    private static func isSeparator(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "="), UInt8(ascii: ":"), UInt8(ascii: " "): true
        default: false
        }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    private static func endsValue(_ byte: UInt8) -> Bool {
        switch byte {
        case 0...0x20, UInt8(ascii: "&"), UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: ","), UInt8(ascii: ";"),
            UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
            true
        default: false
        }
    }
}
