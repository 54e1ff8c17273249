import ArgumentParser
import Glibc
import Persistence
import Pipeline
import SystemPackage

/// `kiln doctor`: looks at all that conversions need on this machine, tries every tool, and says what is wrong.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Look at tools, sandbox and data folder, and say what is wrong.",
        discussion: "Exit code 1 if something needed is missing: the sandbox, the data folder, or every tool.")

    @ArgumentParser.Option(name: .customLong("settings"), help: "A file of settings. (default: .env, if there is one)")
    var file: String?

    func run() async throws {
        let settings = try await SettingsOptions(command: "doctor", flags: [], file: file).read()
        let examination = try await Doctor.examine(settings)
        Terminal.progress("")
        Terminal.say(examination.table)
        guard examination.isGood else { throw ExitCode.failure }
    }
}

/// What the doctor has seen.
struct Doctor {
    struct Finding {
        enum Word: String { case ok, missing, failed, warning }

        let what: String
        let word: Word
        let details: String
    }

    let findings: [Finding]
    /// Whether all is there without which nothing can be converted.
    let isGood: Bool

    static func examine(_ settings: Settings) async throws -> Doctor {
        var own = settings
        own.selfTest = true
        return try await Server.temporary(own) { server in
            await server.selfTests?.runAll { Terminal.progress("trying \($0)") }
            return Doctor(of: server, settings)
        }
    }

    private init(of server: Server, _ settings: Settings) {
        let places = [Self.sandbox(server), Self.dataFolder(settings), Self.disk(settings)]
        let tools = server.catalogue.toolbox.entries.map { Self.tool($0, server.catalogue.trust) }
        let isServed = tools.contains { $0.word == .ok || $0.word == .warning }
        findings = [Finding(what: "kiln", word: .ok, details: Version.current)] + places + tools
        isGood = isServed && places.allSatisfy { $0.word == .ok || $0.word == .warning }
    }

    /// Aligned columns.
    var table: String {
        let width = findings.map(\.what.count).max() ?? 0
        return findings.map { finding in
            let what = finding.what + String(repeating: " ", count: width - finding.what.count)
            let word = finding.word.rawValue + String(repeating: " ", count: 8 - finding.word.rawValue.count)
            return "\(what)  \(word) \(finding.details)"
        }.joined(separator: "\n")
    }

    private static func sandbox(_ server: Server) -> Finding {
        let found = server.sandbox
        return Finding(
            what: "sandbox", word: found.isGood ? .ok : found.sandbox == nil ? .missing : .warning,
            details: found.complaint ?? found.level)
    }

    private static func dataFolder(_ settings: Settings) -> Finding {
        let path = settings.dataDir.string
        guard access(path, F_OK) == 0 else {
            return Finding(what: "data folder", word: .ok, details: "\(path) is not there yet; the server makes it.")
        }
        guard access(path, R_OK | W_OK | X_OK) == 0 else {
            return Finding(what: "data folder", word: .failed, details: "\(path) cannot be written to by this user.")
        }
        return Finding(what: "data folder", word: .ok, details: path)
    }

    private static func disk(_ settings: Settings) -> Finding {
        var folder = settings.dataDir
        while access(folder.string, F_OK) != 0, !folder.isEmpty, folder != "/" { folder.removeLastComponent() }
        let space = DiskSpace(folder: folder.isEmpty ? "." : folder, reserve: Int64(settings.diskReserve))
        let free = space.free.map { "\($0 >> 20) MiB free, \(settings.diskReserve >> 20) MiB of it in reserve" }
        return Finding(
            what: "disk", word: space.isAboveReserve ? .ok : .failed, details: free ?? "The free space cannot be told.")
    }

    private static func tool(_ entry: Toolbox.Entry, _ trust: Trust) -> Finding {
        let converter = entry.converter
        guard let tool = entry.tool else {
            return Finding(what: converter.name, word: .missing, details: entry.reason ?? "")
        }
        let halves =
            converter.reads.map { ("reads \($0)", trust.verdict(converter.name, .reading, $0)) }
            + converter.writes.map { ("writes \($0)", trust.verdict(converter.name, .writing, $0)) }
        var failures: [String] = []
        for case (let what, .failed(let why)) in halves { failures.append("\(what): \(why)") }
        let passed = halves.count { $0.1 == .passed }
        let summary = "\(tool.version), \(tool.program), \(passed) of \(halves.count) formats passed"
        let word = failures.isEmpty ? Finding.Word.ok : passed > 0 ? .warning : .failed
        return Finding(
            what: converter.name, word: word, details: ([summary] + failures).joined(separator: "\n    "))
    }
}
