import ArgumentParser

/// `kiln serve`: reads the settings and runs the server until it is told to stop. Exit codes: 64 for a command line
/// that cannot be understood, 78 for settings that are not allowed, or weak in production (sysexits.h).
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run the server.",
        usage: "kiln serve [--settings <file>] [--port <port>] [--data-dir <folder>] ...",
        discussion: help(for: Settings.table(tools: Server.tools)))

    @Option(
        name: .customLong("settings"),
        help: ArgumentHelp("A file of settings. (default: .env, if there is one)", valueName: "file"))
    var file: String?

    /// Matched by ``SettingsFlags``, because the table of settings and not this type knows them.
    @Argument(parsing: .allUnrecognized, help: .hidden)
    var flags: [String] = []

    func run() async throws {
        let settings = try await SettingsOptions(command: "serve", flags: flags, file: file).read()
        try Weakness.refuse(settings)
        try await Server.run(settings)
    }

    private static func help(for table: [Setting]) -> String {
        let entries = table.map { setting in
            let flags = setting.flags.joined(separator: ", ")
            let unit = setting.unit.map { setting.defaultText.last?.isNumber == true ? " \($0)" : "" } ?? ""
            let value = setting.defaultText.isEmpty ? "" : " (default: \(setting.defaultText)\(unit))"
            return "  \(flags)\(value)\n      \(setting.help)\n      Allowed: \(setting.allowed)."
        }
        return """
            Every setting is a flag, an environment variable and a line of the settings file, in this order of strength: \
            --max-file-size 200MB or MAX_FILE_SIZE=200MB.

            SETTINGS:
            \(entries.joined(separator: "\n"))
            """
    }
}
