import ArgumentParser
import Persistence

/// `kiln settings`: what a server started here and now would go by, and where each of it was said.
struct SettingsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "settings",
        abstract: "Show the settings that hold, and where each was said.",
        usage: "kiln settings [--json] [--settings <file>] [--port <port>] ...",
        discussion: """
            Takes the flags of kiln serve. Secrets are not shown. What production refuses as weak is told at the end.

            EXIT CODES (sysexits.h):
             64 wrong command line   78 settings that are not allowed
            """)

    @ArgumentParser.Option(name: .customLong("settings"), help: "A file of settings. (default: .env, if there is one)")
    var file: String?

    @ArgumentParser.Flag(name: .long, help: "As JSON.")
    var json = false

    @ArgumentParser.Argument(parsing: .allUnrecognized, help: .hidden)
    var flags: [String] = []

    func run() async throws {
        let (settings, sources) = try await SettingsOptions(command: "settings", flags: flags, file: file)
            .readWithSources()
        let listing = SettingsListing(settings, sources)
        Terminal.say(json ? listing.json : listing.table)
    }
}

/// The settings that hold, for people and for programs.
struct SettingsListing {
    private struct Row {
        let name, value, source: String
    }

    private let rows: [Row]
    private let weaknesses: [(weakness: Weakness, sentence: String)]
    private let accepted: [Weakness]

    /// - Parameter sources: by the names of those that were said.
    init(_ settings: Settings, _ sources: [String: String]) {
        let effective = settings.effective
        rows = Settings.table(tools: Server.tools).map { setting in
            Row(name: setting.name, value: setting.show(effective), source: sources[setting.name] ?? "default")
        }
        weaknesses = Weakness.all(of: settings)
        accepted = settings.acceptWeak
    }

    /// Lines of a settings file, with the source as a comment.
    var table: String {
        let lines = rows.map { "\($0.name)=\($0.value)" }
        // A long path moves its own comment, not all others.
        let width = min(48, lines.map(\.count).max() ?? 0)
        let table = zip(lines, rows).map { line, row in
            "\(line)\(String(repeating: " ", count: max(0, width - line.count)))  # \(row.source)"
        }
        let remarks = weaknesses.map {
            "# \(accepted.contains($0.weakness) ? "weak, accepted" : "weak, refused"): \($0.sentence)"
        }
        return (table + remarks).joined(separator: "\n")
    }

    var json: String {
        JSONValue.object([
            "settings": .array(
                rows.map { row in
                    .object(["name": .string(row.name), "value": .string(row.value), "source": .string(row.source)])
                }),
            "weak": .array(
                weaknesses.map { weakness, sentence in
                    .object([
                        "setting": .string(weakness.rawValue), "why": .string(sentence),
                        "accepted": .bool(accepted.contains(weakness)),
                    ])
                }),
        ]).text
    }
}

extension Settings {
    /// With what `auto` comes to, where that is known before the server starts.
    fileprivate var effective: Settings {
        var settings = self
        settings.logFormat = effectiveLogFormat
        settings.rateLimitGeneral = generalLimit.map { .limit($0) } ?? .off
        settings.rateLimitStrict = strictLimit.map { .limit($0) } ?? .off
        return settings
    }
}
