/// The frame of a STEP file: the length unit that its contexts assign; the z axis is the height. Unknown where contexts
/// have different units.
///
/// Source: ISO 10303-21 (exchange structure) and ISO 10303-41 (`si_unit`, `conversion_based_unit`).
struct STEPFrame {
    /// Metres, of units that are told outright.
    private var plain: [Int: Double] = [:]
    /// Units that are so many of another.
    private var converted: [Int: Int] = [:]
    private var measures: [Int: (value: Double, unit: Int)] = [:]
    private var assigned: Set<Int> = []

    private static let statementAtMost = 64 << 10
    private static let keptAtMost = 100_000

    static func told(by file: ModelFile, budget: ReadBudget) throws(ReadError) -> Frame {
        var frame = STEPFrame()
        var bytes = ModelBytes(file, from: 0, budget: budget)
        var statement: [UInt8] = []
        var isQuoted = false
        while bytes.left > 0 {
            for byte in try bytes.takeRecords(of: 1, atMost: ModelBytes.largest) {
                if byte == UInt8(ascii: "'") { isQuoted.toggle() }
                if byte == UInt8(ascii: ";"), !isQuoted {
                    frame.read(statement)
                    statement.removeAll(keepingCapacity: true)
                } else if byte > 32, statement.count < statementAtMost {
                    statement.append(byte)
                }
            }
        }
        return Frame(metresPerUnit: frame.metres, up: .z)
    }

    private var metres: Double? {
        let units = Set(assigned.compactMap { metres(of: $0, depth: 0) })
        return units.count == 1 ? units.first : nil
    }

    private func metres(of unit: Int, depth: Int) -> Double? {
        if let metres = plain[unit] { return metres }
        guard depth < 4, let measure = converted[unit].flatMap({ measures[$0] }) else { return nil }
        return metres(of: measure.unit, depth: depth + 1).flatMap { base in
            let metres = base * measure.value
            return metres > 0 && metres.isFinite ? metres : nil
        }
    }

    /// A statement without blanks: `#12=(LENGTH_UNIT()NAMED_UNIT(*)SI_UNIT(.MILLI.,.METRE.))`.
    private mutating func read(_ statement: [UInt8]) {
        guard statement.first == UInt8(ascii: "#"), statement.firstRange(of: "UNIT".utf8) != nil,
            plain.count + converted.count + measures.count + assigned.count < Self.keptAtMost
        else { return }
        let text = String(decoding: statement, as: UTF8.self)
        guard let equals = text.firstIndex(of: "="), let id = Int(text[text.index(after: text.startIndex)..<equals])
        else { return }
        if let list = Self.arguments(of: "GLOBAL_UNIT_ASSIGNED_CONTEXT", in: text) {
            assigned.formUnion(list.split { "(), ".contains($0) }.compactMap(Self.reference))
        }
        if let list = Self.arguments(of: "LENGTH_MEASURE_WITH_UNIT", in: text) {
            let words = list.split { "(),".contains($0) }
            if let value = words.compactMap({ Double($0) }).first, let unit = words.compactMap(Self.reference).first {
                measures[id] = (value, unit)
            }
        }
        guard text.contains("LENGTH_UNIT") else { return }
        if let list = Self.arguments(of: "SI_UNIT", in: text), list.hasSuffix(".METRE.") {
            plain[id] = list.split(separator: ",").first.flatMap { Self.prefixes[String($0)] }
        }
        if let list = Self.arguments(of: "CONVERSION_BASED_UNIT", in: text) {
            converted[id] = list.split(separator: ",").last.flatMap(Self.reference)
        }
    }

    private static func reference(_ word: Substring) -> Int? { word.first == "#" ? Int(word.dropFirst()) : nil }

    /// What stands in the brackets after a word, brackets inside them included.
    private static func arguments(of name: String, in text: String) -> Substring? {
        guard let found = text.firstRange(of: name + "(") else { return nil }
        var depth = 1
        let rest = text[found.upperBound...]
        for index in rest.indices {
            if rest[index] == "(" { depth += 1 }
            if rest[index] == ")" { depth -= 1 }
            if depth == 0 { return rest[..<index] }
        }
        return nil
    }

    private static let prefixes = [
        "$": 1.0, "*": 1, ".KILO.": 1000, ".DECI.": 0.1, ".CENTI.": 0.01, ".MILLI.": 0.001, ".MICRO.": 1e-6,
        ".NANO.": 1e-9,
    ]
}
