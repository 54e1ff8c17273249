import Persistence
package import SystemPackage

/// The converters that work on this machine: their tool was found, and ran in the sandbox.
package struct Toolbox: Sendable {
    /// Every converter, installed or not, with what is known of its tool.
    package let entries: [Entry]

    package struct Entry: Sendable {
        package let converter: Converter
        package let state: State
    }

    package enum State: Sendable {
        case installed(InstalledTool)
        /// Why not, in a sentence.
        case missing(String)
    }

    init(entries: [Entry]) {
        self.entries = entries
    }

    /// The converters whose tool works.
    var installed: [Converter] {
        entries.filter { $0.tool != nil }.map(\.converter)
    }

    /// Each tool that works, once.
    package var tools: [InstalledTool] {
        var seen: Set<String> = []
        return entries.compactMap(\.tool).filter { seen.insert($0.tool.name).inserted }
    }

    func entry(_ converter: String) -> (converter: Converter, tool: InstalledTool)? {
        entries.first { $0.converter.name == converter }.flatMap { entry in
            entry.tool.map { (entry.converter, $0) }
        }
    }

    /// The name of the tool that the converter needs; also for converters whose tool is gone meanwhile.
    func tool(of converter: String) -> String? {
        entries.first { $0.converter.name == converter }?.converter.tool.name
    }
}

extension Toolbox.Entry {
    package var tool: InstalledTool? {
        if case .installed(let tool) = state { tool } else { nil }
    }
}

extension Toolbox {
    /// Looks for the tools: at the path that a setting names, else on the `PATH`. Libraries are folders by the name of
    /// their setting, several ones with `:` between them.
    package static func find(
        _ converters: [Converter], paths: [String: String], libraries: [String: String] = [:], searchPath: String,
        launcher: Launcher, scratch: FilePath
    ) async -> Toolbox {
        var known: [String: State] = [:]
        var entries: [Entry] = []
        for converter in converters {
            let tool = converter.tool
            if known[tool.name] == nil {
                let libraries = tool.library.flatMap { libraries[$0] }?.split(separator: ":") ?? []
                known[tool.name] = await look(
                    for: tool, at: paths[tool.name], libraries: libraries.map { FilePath(String($0)) },
                    searchPath: searchPath, launcher: launcher, scratch: scratch)
            }
            entries.append(Entry(converter: converter, state: known[tool.name] ?? .missing("It was not looked for.")))
        }
        return Toolbox(entries: entries)
    }

    private static func look(
        for tool: Tool, at path: String?, libraries: [FilePath], searchPath: String, launcher: Launcher,
        scratch: FilePath
    ) async -> State {
        guard let program = candidates(for: tool, at: path, searchPath).first(where: Access.isExecutableFile) else {
            return .missing(
                path.map { "There is no program at \($0)." } ?? "It was not found. To install it: \(tool.install)")
        }
        let wrapper = tool.needs.contains(.display) ? VirtualDisplay.wrapper(searchPath) : []
        guard let wrapper else {
            return .missing("It needs a display. To make a virtual one: \(VirtualDisplay.install)")
        }
        let found = InstalledTool(
            tool: tool, program: program, version: "unknown", wrapper: wrapper, libraries: libraries)
        guard let arguments = tool.versionArguments else { return .installed(found) }
        do throws(Failure) {
            let version = try await askVersion(of: found, arguments, launcher: launcher, scratch: scratch)
            return .installed(found.with(version: version))
        } catch {
            return .missing(error.message)
        }
    }

    private static func candidates(for tool: Tool, at path: String?, _ searchPath: String) -> [FilePath] {
        if let path { return [FilePath(path)] }
        return tool.programs.flatMap { program in
            program.hasPrefix("/") ? [FilePath(program)] : Access.paths(of: program, searchPath)
        }
    }

    /// Proves that the tool starts in the sandbox, and learns its version: the first number with a dot that it prints.
    private static func askVersion(
        of tool: InstalledTool, _ arguments: [String], launcher: Launcher, scratch: FilePath
    ) async throws(Failure) -> String {
        let workspace = Workspace(root: scratch.appending("\(tool.tool.name).version"))
        defer { workspace.remove() }
        try workspace.make()
        let report = await launcher.run(
            ToolCall(tool, Command(arguments, script: tool.tool.versionScript), inputs: .nothing), in: workspace,
            limits: ToolLimits(timeout: .seconds(30)))
        guard report.outcome == .exited, report.code == 0 else {
            throw Failure(.toolMissing, "It was found but does not start: \(report.summary).")
        }
        return VersionNumber.first(in: workspace.logTail(limit: 4096)) ?? "unknown"
    }
}

/// An X11 display for tools that insist on one.
enum VirtualDisplay {
    static let install = "apt-get install xvfb xauth"

    /// What makes one around a command; `nil` where nothing does. The sandbox has its own `/tmp`, so that numbers of
    /// displays never clash.
    static func wrapper(_ searchPath: String) -> [String]? {
        Access.paths(of: "xvfb-run", searchPath).first(where: Access.isExecutableFile)
            .map { [$0.string, "--auto-servernum", "--server-args=-screen 0 640x480x24"] }
    }
}

enum VersionNumber {
    /// The first word that is `digits.digits…`, perhaps with a `v` before it. What is part of a time or a path is no word.
    static func first(in text: String) -> String? {
        let words = text.split { $0.isWhitespace || "(),;-_".contains($0) }
        return words.lazy.map { $0.drop { $0 == "v" || $0 == "V" } }
            .map { String($0).trimmingDots }
            .first { word in
                word.contains(".") && word.allSatisfy { $0 == "." || ($0.isASCII && $0.isNumber) }
            }
    }
}

extension String {
    fileprivate var trimmingDots: String {
        String(drop { $0 == "." }.reversed().drop { $0 == "." }.reversed())
    }
}
