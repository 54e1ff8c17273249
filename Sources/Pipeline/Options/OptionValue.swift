/// A JSON value as it stands in the options of a request, before it is known to be right.
enum OptionValue: Hashable {
    case null
    case value(ParameterValue)
    case object([String: OptionValue])
}

extension OptionValue: Decodable {
    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let members = try? container.decode([String: OptionValue].self) {
            // What is no object fails here, and is decoded as something else below.
            self = .object(members)
        } else {
            self = .value(try container.decode(ParameterValue.self))
        }
    }
}

extension OptionValue {
    private static let mostParameters = 200
    /// Of a text or a list, with all that is in it.
    private static let longestValue = 10_000

    func word<Word: RawRepresentable<String>>(_ option: Option) throws(OptionProblem) -> Word {
        guard case .value(.text(let text)) = self, let word = Word(rawValue: text) else { throw problem(option) }
        return word
    }

    func number(_ option: Option) throws(OptionProblem) -> Double {
        guard case .number(let range) = option.values, case .value(.number(let number)) = self,
            range.contains(number)
        else { throw problem(option) }
        return number
    }

    func truth(_ option: Option) throws(OptionProblem) -> Bool {
        guard case .value(.bool(let truth)) = self else { throw problem(option) }
        return truth
    }

    /// The name of a parameter set: it becomes an argument of a command line, so that it may not look like an option.
    func name(_ option: Option) throws(OptionProblem) -> String {
        guard case .value(.text(let text)) = self, (1...100).contains(text.count), text.first != "-",
            text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F })
        else { throw problem(option) }
        return text
    }

    func parameters(_ option: Option) throws(OptionProblem) -> [String: ParameterValue] {
        guard case .object(let members) = self, members.count <= Self.mostParameters else { throw problem(option) }
        var parameters: [String: ParameterValue] = [:]
        for (name, member) in members {
            guard Self.isVariable(name), case .value(let value) = member, value.literal.utf8.count <= Self.longestValue
            else { throw problem(option, at: "/\(name.prefix(40))") }
            parameters[name] = value
        }
        return parameters
    }

    /// OpenSCAD's names, the special variables such as `$fn` among them.
    private static func isVariable(_ name: String) -> Bool {
        let word = name.hasPrefix("$") ? name.dropFirst() : name[...]
        return !word.isEmpty && name.count <= 100
            && word.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
            && !name.allSatisfy(\.isNumber)
    }

    private func problem(_ option: Option, at place: String = "") -> OptionProblem {
        OptionProblem(
            pointer: "/options/\(option.rawValue)\(place)",
            sentence: "\(option.rawValue) must be \(option.values.phrase).")
    }
}

extension Option.Values {
    /// For a sentence: "one of mm, cm".
    package var phrase: String {
        switch self {
        case .oneOf(let words): "one of \(words.joined(separator: ", "))"
        case .number(let range): "a number from \(range.lowerBound) to \(range.upperBound)"
        case .truth: "true or false"
        case .parameters: "an object of variables with their values, such as {\"width\": 3}"
        case .text: "a name of at most 100 characters that does not begin with a dash"
        }
    }
}
