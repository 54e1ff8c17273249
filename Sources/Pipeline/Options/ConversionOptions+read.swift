import FoundationEssentials

/// An option that cannot be taken: where it stands in the request (RFC 6901), and what would be right.
package struct OptionProblem: Error, Hashable, Sendable {
    package let pointer: String
    package let sentence: String
}

extension ConversionOptions {
    /// Reads the JSON object of a request: `{"targetUnit": "mm", "scale": 2}`. `null` counts as not said.
    package init(json: some Collection<UInt8>) throws(OptionProblem) {
        let members: [String: OptionValue]
        do {
            members = try JSONDecoder().decode([String: OptionValue].self, from: Data(json))
        } catch {
            throw Self.notAnObject
        }
        try self.init(members)
    }

    init(_ value: OptionValue) throws(OptionProblem) {
        switch value {
        case .null: self.init()
        case .object(let members): try self.init(members)
        case .value: throw Self.notAnObject
        }
    }

    private static let notAnObject = OptionProblem(
        pointer: "/options", sentence: "The options must be a JSON object, such as {\"targetUnit\": \"mm\"}.")

    /// As it is kept in a job's row.
    package var json: String? {
        guard !said.isEmpty else { return nil }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Numbers are finite and everything else is text: there is nothing that JSON cannot hold.
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) }
    }

    /// What `json` made; nothing for what it did not make.
    init(row json: String?) {
        let kept = json.flatMap { try? JSONDecoder().decode(ConversionOptions.self, from: Data($0.utf8)) }
        self = kept ?? ConversionOptions()
    }

    private init(_ members: [String: OptionValue]) throws(OptionProblem) {
        self.init()
        for (name, value) in members.sorted(by: { $0.key < $1.key }) where value != .null {
            guard let option = Option(rawValue: name) else {
                let known = Option.allCases.map(\.rawValue).joined(separator: ", ")
                throw OptionProblem(
                    pointer: "/options/\(name.prefix(40))",
                    sentence: "There is no option named \"\(name.prefix(40))\". Known are: \(known).")
            }
            try set(option, to: value)
        }
    }

    private mutating func set(_ option: Option, to value: OptionValue) throws(OptionProblem) {
        switch option {
        case .sourceUnit: sourceUnit = try value.word(option)
        case .sourceUp: sourceUp = try value.word(option)
        case .targetUnit: targetUnit = try value.word(option)
        case .targetUp: targetUp = try value.word(option)
        case .compress: compress = try value.word(option)
        case .scale: scale = try value.number(option)
        case .tolerance: tolerance = try value.number(option)
        case .binary: binary = try value.truth(option)
        // What is asked not to be done is not an option.
        case .repair: repair = try value.truth(option) ? true : nil
        case .embedTextures: embedTextures = try value.truth(option)
        case .parameters: parameters = try value.parameters(option)
        case .parameterSet: parameterSet = try value.name(option)
        }
    }
}
