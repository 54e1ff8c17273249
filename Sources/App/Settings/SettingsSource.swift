import Configuration

/// One place where settings are said: the flags, the environment, or a file.
struct SettingsSource {
    /// How a mistake names a variable of this place: `--port`, `PORT (environment)`, `PORT (.env)`.
    let place: @Sendable (_ name: String) -> String
    /// What the place is called where it stands for itself: `flag`, `environment`, `.env`.
    let name: String
    private let reader: ConfigReader
    private var unquotes = false

    static func flags(_ values: [String: String]) -> SettingsSource {
        let provider = EnvironmentVariablesProvider(environmentVariables: values)
        return SettingsSource(place: Setting.flag, name: "flag", reader: ConfigReader(provider: provider))
    }

    static func environment(_ variables: [String: String]) -> SettingsSource {
        let provider = EnvironmentVariablesProvider(environmentVariables: variables)
        return SettingsSource(
            place: { "\($0) (environment)" }, name: "environment", reader: ConfigReader(provider: provider))
    }

    /// Quotes around a value are taken off, as a shell that reads the file would do.
    static func file(_ file: SettingsFile) async throws(SettingsFile.Unreadable) -> SettingsSource {
        let reader = ConfigReader(provider: try await file.provider())
        return SettingsSource(
            place: { "\($0) (\(file.name))" }, name: file.name, reader: reader, unquotes: true)
    }

    /// The text for a setting and the name under which it was found. What is empty counts as not said.
    func value(of setting: Setting) -> (name: String, text: String)? {
        for name in setting.names {
            guard let said = reader.string(forKey: ConfigKey([name])) else { continue }
            let text = unquotes ? unquoted(trimmed(said[...])) : trimmed(said[...])
            if !text.isEmpty { return (name, String(text)) }
        }
        return nil
    }

    private func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0.isWhitespace }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }

    private func unquoted(_ text: Substring) -> Substring {
        guard text.count >= 2, let quote = text.first, "\"'".contains(quote), text.last == quote else { return text }
        return trimmed(text.dropFirst().dropLast())
    }
}
