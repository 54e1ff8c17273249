/// The frame of an IGES file: the unit flag of its global section (IGES 5.3, section 2.2.4.3); the z axis is the height.
enum IGESFrame {
    private static let cardsAtMost = 10_000
    private static let unitField = 13

    /// By the number of the flag less one; 3 stands for a name, which comes behind it.
    private static let units: [Double?] = [
        0.0254, 0.001, nil, 0.3048, 1609.344, 1, 1000, 0.000_025_4, 1e-6, 0.01, 2.54e-8,
    ]
    private static let names = [
        "IN": 0.0254, "INCH": 0.0254, "MM": 0.001, "FT": 0.3048, "MI": 1609.344, "M": 1, "KM": 1000,
        "MIL": 0.000_025_4, "UM": 1e-6, "CM": 0.01, "UIN": 2.54e-8,
    ]

    static func told(by file: ModelFile, budget: ReadBudget) throws(ReadError) -> Frame {
        let fields = fields(of: try global(file, budget: budget))
        let flag = fields.count > unitField ? Int(fields[unitField].filter { $0 != " " }) ?? 1 : 1
        var metres = units.indices.contains(flag - 1) ? units[flag - 1] : nil
        if flag == 3, fields.count > unitField + 1 { metres = names[fields[unitField + 1].uppercased()] }
        return Frame(metresPerUnit: metres, up: .z)
    }

    /// Columns 1 to 72 of the cards with a `G` in column 73.
    private static func global(_ file: ModelFile, budget: ReadBudget) throws(ReadError) -> [UInt8] {
        var lines = ModelLines(file, budget: budget)
        var text: [UInt8] = []
        for _ in 0..<cardsAtMost {
            guard let line = try lines.next(), line.count > 72 else { break }
            switch line[72] {
            case UInt8(ascii: "S"): continue
            case UInt8(ascii: "G"): text.append(contentsOf: line[..<72])
            default: return text
            }
        }
        return text
    }

    /// Fields end at the delimiter that the first one tells, else a comma; `5HHello` is text of five letters.
    private static func fields(of text: [UInt8]) -> [String] {
        var delimiter = UInt8(ascii: ",")
        if text.starts(with: "1H".utf8), text.count > 2 { delimiter = text[2] }
        var fields: [String] = []
        var field: [UInt8] = []
        var rest = text[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "H"), let length = Int(String(decoding: field, as: UTF8.self).filter { $0 != " " }),
                length >= 0, length <= rest.count
            {
                field = Array(rest.prefix(length))
                rest = rest.dropFirst(length)
            } else if byte == delimiter {
                fields.append(String(decoding: field, as: UTF8.self))
                field = []
            } else {
                field.append(byte)
            }
        }
        return fields + [String(decoding: field, as: UTF8.self)]
    }
}
