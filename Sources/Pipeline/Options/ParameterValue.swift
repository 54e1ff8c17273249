/// A value for a variable of an OpenSCAD program: a number, a truth value, a text, or a vector of those.
package enum ParameterValue: Hashable, Sendable {
    case number(Double)
    case bool(Bool)
    case text(String)
    case vector([ParameterValue])

    /// As OpenSCAD writes it (OpenSCAD User Manual, "Values and data types").
    var literal: String {
        switch self {
        case .number(let number): Self.written(number)
        case .bool(let bool): bool ? "true" : "false"
        case .text(let text): "\"" + text.map(Self.escaped).joined() + "\""
        case .vector(let values): "[" + values.map(\.literal).joined(separator: ",") + "]"
        }
    }

    private static func written(_ number: Double) -> String {
        number == number.rounded() && abs(number) < 1e15 ? String(Int64(number)) : String(number)
    }

    private static func escaped(_ character: Character) -> String {
        switch character {
        case "\"": "\\\""
        case "\\": "\\\\"
        case "\n": "\\n"
        case "\r": "\\r"
        case "\t": "\\t"
        default: String(character)
        }
    }
}

extension ParameterValue: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        // Each attempt that fails leaves the container as it was; the last one's error is the one to tell.
        if let bool = try? container.decode(Bool.self) {
            self = .bool(bool)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let text = try? container.decode(String.self) {
            self = .text(text)
        } else {
            self = .vector(try container.decode([ParameterValue].self))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .number(let number): try container.encode(number)
        case .bool(let bool): try container.encode(bool)
        case .text(let text): try container.encode(text)
        case .vector(let values): try container.encode(values)
        }
    }
}
