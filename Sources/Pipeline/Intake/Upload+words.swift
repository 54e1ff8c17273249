package import Persistence

/// What a request says beside its file, in words.
extension Upload {
    /// The target by its name or extension, or what was wrong with it.
    package static func target(named name: String) throws(Refusal) -> Format {
        if let format = Format.named(name) { return format }
        let hint = Format.nearest(to: name).map { " Did you mean \($0.name)?" } ?? ""
        let known = Format.all.map(\.name).joined(separator: ", ")
        throw Refusal(.unknownFormat, "There is no format named \"\(name.prefix(40))\".\(hint) Known are: \(known).")
    }

    /// The options of a request; none for nothing.
    package static func options(json: [UInt8]?) throws(Refusal) -> ConversionOptions {
        guard let json, !json.isEmpty else { return ConversionOptions() }
        do throws(OptionProblem) {
            return try ConversionOptions(json: json)
        } catch {
            throw Refusal(error)
        }
    }

    /// Who goes first, by its name; nothing said is the ordinary.
    package static func priority(named name: String?) throws(Refusal) -> Job.Priority {
        guard let name else { return .normal }
        let priorities: [String: Job.Priority] = ["low": .low, "normal": .normal, "high": .high]
        guard let priority = priorities[name] else {
            throw Refusal(.malformedRequest, "priority must be one of low, normal, high.")
        }
        return priority
    }
}
