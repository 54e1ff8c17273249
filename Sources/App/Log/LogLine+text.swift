import Logging
import Persistence

/// The line for people: time, level, message, and what belongs to it as `name=value`.
extension LogLine {
    /// One line, whatever is in the message: what a terminal could take for a command is shown as its number.
    func text(isColoured: Bool) -> [UInt8] {
        let paint = Paint(isOn: isColoured)
        let word = level.rawValue.uppercased()
        let padding = String(repeating: " ", count: max(0, 8 - word.utf8.count))
        var line = "\(paint.dim(at.description)) \(paint.level(level, word))\(padding) \(Self.escaped(message))"
        for (name, value) in metadata { line += " \(paint.dim(name + "="))\(Self.shown(value))" }
        return Array((line + "\n").utf8)
    }

    private static func shown(_ value: JSONValue) -> String {
        guard case .string(let text) = value else { return escaped(value.text) }
        let isPlain = text.utf8.allSatisfy {
            (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "=")
        }
        return isPlain && !text.isEmpty ? text : escaped(value.text)
    }

    /// Without control characters, those of Latin-1 and of bidirectional text among them.
    private static func escaped(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        var escaped = ""
        for scalar in text.unicodeScalars {
            if isControl(scalar) {
                escaped += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F...0x9F, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}

/// Colours of a terminal (ECMA-48, SGR), or none.
private struct Paint {
    let isOn: Bool

    func dim(_ text: String) -> String { painted(text, "2") }

    func level(_ level: Logger.Level, _ text: String) -> String {
        switch level {
        case .trace, .debug: painted(text, "2")
        case .info: painted(text, "32")
        case .notice: painted(text, "36")
        case .warning: painted(text, "33")
        case .error: painted(text, "31")
        case .critical: painted(text, "1;31")
        }
    }

    private func painted(_ text: String, _ code: String) -> String {
        isOn ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}
