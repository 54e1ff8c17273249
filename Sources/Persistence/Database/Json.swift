import FoundationEssentials
import GRDB

/// JSON as it is kept in text columns.
func jsonText(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
}

extension Row {
    /// A text column that holds JSON; `nil` where it is NULL.
    func json<Value: Decodable>(_ column: String) throws -> Value? {
        guard let text: String = self[column] else { return nil }
        return try JSONDecoder().decode(Value.self, from: Data(text.utf8))
    }
}
