import FoundationEssentials

/// JSON as it is kept in text columns.
func jsonText(_ value: some Encodable) throws -> String {
    try encoded(value)
}

private func encoded(_ value: some Encodable) throws -> String {
    String(decoding: try encoder.encode(value), as: UTF8.self)
}

/// The same for words, which seldom have what must be escaped.
func jsonText(_ words: [String]) throws -> String {
    let isPlain = words.allSatisfy { word in
        word.utf8.allSatisfy { (0x20..<0x7F).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
    }
    guard isPlain else { return try encoded(words) }
    return "[\(words.map { "\"\($0)\"" }.joined(separator: ","))]"
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
