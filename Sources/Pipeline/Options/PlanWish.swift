import FoundationEssentials

/// What somebody wants to have planned: `{"from": "step", "to": "glb", "options": {...}}`.
package struct PlanWish: Sendable {
    package let from: String
    package let to: String
    package let options: ConversionOptions

    /// Throws `Refusal` for what is no such object.
    package init(json: [UInt8]) throws {
        let members: [String: OptionValue]
        do {
            members = try JSONDecoder().decode([String: OptionValue].self, from: Data(json))
        } catch {
            throw Refusal(
                .malformedRequest, "The body must be a JSON object, such as {\"from\": \"step\", \"to\": \"glb\"}.")
        }
        if let unknown = members.keys.sorted().first(where: { !["from", "to", "options"].contains($0) }) {
            throw Refusal(
                .unknownField, "There is no member \"\(unknown.prefix(40))\". Known are: from, to, options.",
                pointer: "/\(unknown.prefix(40))")
        }
        from = try Self.word(members["from"], "from")
        to = try Self.word(members["to"], "to")
        do {
            options = try ConversionOptions(members["options"] ?? .null)
        } catch {
            throw Refusal(error)
        }
    }

    private static func word(_ value: OptionValue?, _ name: String) throws -> String {
        guard case .value(.text(let text)) = value, !text.isEmpty else {
            throw Refusal(.missingFormat, "Say in \"\(name)\" which format, such as glb or stl.", pointer: "/\(name)")
        }
        return text
    }
}
