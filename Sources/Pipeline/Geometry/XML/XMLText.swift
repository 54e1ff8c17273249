/// The value of an attribute, as it is written; the bytes are the cursor's.
struct XMLText {
    let bytes: UnsafeRawBufferPointer

    /// With its entities resolved; those that XML does not know stay as they are.
    var string: String {
        let text = String(decoding: bytes, as: UTF8.self)
        guard bytes.contains(UInt8(ascii: "&")) else { return text }
        let plain = Self.entities.reduce(text) { $0.replacing($1.name, with: $1.text) }
        return plain.replacing("&amp;", with: "&")
    }

    /// A single finite number, with nothing behind it but blanks.
    var number: Double? {
        var cursor = TextCursor(bytes)
        guard let number = cursor.number(), cursor.isAtEnd() else { return nil }
        return number
    }

    /// A whole number from 0 up.
    var natural: Int? {
        var cursor = TextCursor(bytes)
        guard let number = cursor.integer(), number >= 0, cursor.isAtEnd() else { return nil }
        return number
    }

    private static let entities = [
        (name: "&lt;", text: "<"), (name: "&gt;", text: ">"), (name: "&quot;", text: "\""), (name: "&apos;", text: "'"),
    ]
}
