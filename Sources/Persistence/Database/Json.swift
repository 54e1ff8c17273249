import FoundationEssentials

/// JSON as it is kept in text columns.
func jsonText(_ value: some Encodable) throws -> String {
    String(decoding: try encoder.encode(value), as: UTF8.self)
}

/// What such a column holds.
func value<Value: Decodable>(ofJSON text: String) throws -> Value {
    try decoder.decode(Value.self, from: Data(text.utf8))
}

private let encoder = {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return encoder
}()

private let decoder = JSONDecoder()
