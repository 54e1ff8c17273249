import FoundationEssentials
import SystemPackage

extension Settings {
    /// The settings that hold: what a flag says, else the environment, else the file, else the default.
    ///
    /// - Parameters:
    ///   - flags: what stands on the command line after the command, without `--settings FILE`.
    ///   - file: must be readable when it is named; when it is not, `.env` in `folder` is read if there is one.
    /// - Throws: all mistakes at once. A value that a stronger source overrides is not looked at.
    static func read(
        tools: [ToolSetting], flags: [String] = [],
        environment: [String: String] = ProcessInfo.processInfo.environment,
        file: FilePath? = nil, folder: FilePath = "."
    ) async throws(SettingsError) -> Settings {
        try await readWithSources(tools: tools, flags: flags, environment: environment, file: file, folder: folder)
            .settings
    }

    /// The same, and for each setting that was said somewhere, the name of that place.
    static func readWithSources(
        tools: [ToolSetting], flags: [String] = [],
        environment: [String: String] = ProcessInfo.processInfo.environment,
        file: FilePath? = nil, folder: FilePath = "."
    ) async throws(SettingsError) -> (settings: Settings, sources: [String: String]) {
        let table = table(tools: tools)
        let flags = SettingsFlags(flags, table: table)
        var sources = [SettingsSource.flags(flags.values), .environment(environment)]
        var mistakes: [String] = []
        do throws(SettingsFile.Unreadable) {
            if let file = SettingsFile.find(file, in: folder) { sources.append(try await .file(file)) }
        } catch {
            mistakes.append(error.sentence)
        }

        var settings = Settings(tools: tools)
        var places: [String: String] = [:]
        for setting in table {
            guard let (name, text, source) = sources.firstValue(of: setting) else { continue }
            places[setting.name] = source.name
            guard !setting.assign(text, &settings) else { continue }
            let said = setting.isSecret ? "what is said" : text.debugDescription
            mistakes.append("\(source.place(name)): \(said) is not \(setting.allowed)")
        }
        guard flags.mistakes.isEmpty, mistakes.isEmpty else {
            throw SettingsError(usage: flags.mistakes, values: mistakes)
        }
        return (settings, places)
    }
}

extension [SettingsSource] {
    fileprivate func firstValue(of setting: Setting) -> (name: String, text: String, source: SettingsSource)? {
        for source in self {
            if let (name, text) = source.value(of: setting) { return (name, text, source) }
        }
        return nil
    }
}
