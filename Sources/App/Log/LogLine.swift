import HTTPTypes
import Logging
import Persistence

/// One line of the log, before it is JSON or text. No value of it is longer than ``longestValue`` bytes.
struct LogLine {
    static let service = "kiln"
    private static let longestValue = 8 << 10
    private static let ownNames: Set<String> = ["timestamp", "level", "message", "service"]

    let at: Instant
    let level: Logger.Level
    let message: String
    let metadata: [(name: String, value: JSONValue)]

    init(at: Instant = .now, _ level: Logger.Level, _ message: String, _ metadata: Logger.Metadata = [:]) {
        self.at = at
        self.level = level
        self.message = Self.shown(message)
        self.metadata = metadata.sorted { $0.key < $1.key }.map { name, value in
            let name = Self.ownNames.contains(name) ? name + "_" : name
            return (name, Redaction.hides(name) ? .string(Redaction.mark) : Self.value(value))
        }
    }

    /// An object of one line, as collectors of logs take it: flat, numbers as numbers.
    var json: [UInt8] {
        var object: JSONObject = [
            "timestamp": .string(at.description), "level": .string(level.rawValue), "message": .string(message),
            "service": .string(Self.service),
        ]
        for (name, value) in metadata { object[name] = value }
        return JSONValue.object(object).line
    }

    private static func shown(_ text: String) -> String {
        let text = Redaction.clean(text)
        guard text.utf8.count > longestValue else { return text }
        return String(decoding: text.utf8.prefix(longestValue), as: UTF8.self) + "…"
    }

    private static func value(_ value: Logger.MetadataValue) -> JSONValue {
        switch value {
        case .string(let text): .string(shown(text))
        case .stringConvertible(let value): self.value(of: value)
        case .array(let values): .array(values.map(self.value))
        case .dictionary(let members): .object(object(members))
        }
    }

    /// Fields of HTTP are shown by their names alone.
    private static func value(of value: any CustomStringConvertible) -> JSONValue {
        switch value {
        case let value as any BinaryInteger: Int64(exactly: value).map { .integer($0) } ?? .string(value.description)
        case let value as Double: .number(value)
        case let value as Bool: .bool(value)
        case let field as HTTPField: .string("\(field.name): \(Redaction.mark)")
        default: .string(shown(value.description))
        }
    }

    private static func object(_ members: Logger.Metadata) -> JSONObject {
        var object = JSONObject()
        for (name, value) in members.sorted(by: { $0.key < $1.key }) {
            object[name] = Redaction.hides(name) ? .string(Redaction.mark) : self.value(value)
        }
        return object
    }
}
