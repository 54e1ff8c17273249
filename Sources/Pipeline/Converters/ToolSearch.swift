package import Persistence
package import SystemPackage

/// Where tools are looked for: at the path that a setting names, else on the `PATH`.
package struct ToolSearch: Sendable {
    /// By the tool's name.
    private let paths: [String: String]
    /// Folders by the name of their setting.
    private let libraries: [String: [FilePath]]
    private let searchPath: String
    private let launcher: Launcher
    private let scratch: FilePath
    /// What was once seen to start, by the converter's name: what has not changed since is not asked again.
    private let known: [String: SelfTest.Circumstances]
    /// Kiln's own.
    private let version: String

    package init(
        paths: [String: String], libraries: [String: [FilePath]] = [:], searchPath: String, launcher: Launcher,
        scratch: FilePath, known: [SelfTest] = [], version: String = ""
    ) {
        self.paths = paths
        self.libraries = libraries
        self.searchPath = searchPath
        self.launcher = launcher
        self.scratch = scratch
        self.known = Dictionary(
            known.filter { $0.failure == nil }.map { ($0.converter, $0.circumstances) }, uniquingKeysWith: { $1 })
        self.version = version
    }

    /// Looks for the tools of the converters, all at the same time.
    package func find(_ converters: [Converter]) async -> Toolbox {
        // What was seen in a sandbox counts as long as there is one.
        let isSandboxed = launcher.sandbox != nil
        let states = await withTaskGroup(of: (String, Toolbox.State).self) { group in
            var begun: Set<String> = []
            for converter in converters where begun.insert(converter.tool.name).inserted {
                let seen = isSandboxed ? known[converter.name] : nil
                group.addTask { (converter.tool.name, await look(for: converter.tool, seen: seen)) }
            }
            return await group.reduce(into: [String: Toolbox.State]()) { $0[$1.0] = $1.1 }
        }
        return Toolbox(
            entries: converters.map {
                Toolbox.Entry(converter: $0, state: states[$0.tool.name] ?? .missing("It was not looked for."))
            })
    }

    private func look(for tool: Tool, seen: SelfTest.Circumstances?) async -> Toolbox.State {
        let path = paths[tool.name]
        guard let program = candidates(for: tool, at: path).first(where: Access.isExecutableFile) else {
            return path.map { .missing("There is no program at \($0).") }
                ?? .absent("It was not found. To install it: \(tool.install)")
        }
        let wrapper = tool.needs.contains(.display) ? VirtualDisplay.wrapper(searchPath) : []
        guard let wrapper else {
            return .missing("It needs a display. To make a virtual one: \(VirtualDisplay.install)")
        }
        let found = InstalledTool(
            tool: tool, program: program, version: "unknown", wrapper: wrapper,
            libraries: tool.library.flatMap { libraries[$0] } ?? [])
        guard let arguments = tool.versionArguments else { return .installed(found) }
        if let seen, seen.programTime == Access.modification(of: program), seen.sandbox == launcher.level,
            seen.kilnVersion == version
        {
            return .installed(found.with(version: seen.toolVersion))
        }
        do throws(Failure) {
            return .installed(found.with(version: try await askVersion(of: found, arguments)))
        } catch {
            return .missing(error.message)
        }
    }

    private func candidates(for tool: Tool, at path: String?) -> [FilePath] {
        if let path { return [FilePath(path)] }
        return tool.programs.flatMap { program in
            program.hasPrefix("/") ? [FilePath(program)] : Access.paths(of: program, searchPath)
        }
    }

    /// Proves that the tool starts in the sandbox, and learns its version: the first number with a dot that it prints.
    private func askVersion(of tool: InstalledTool, _ arguments: [String]) async throws(Failure) -> String {
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

/// Versions in what tools say of themselves.
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
