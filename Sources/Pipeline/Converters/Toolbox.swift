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

    package var planner: Planner {
        Planner(entries.filter { $0.tool != nil }.map(\.converter))
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
    /// Looks for the tools: at the path that a setting names, else on the `PATH`.
    package static func find(
        _ converters: [Converter], paths: [String: String], searchPath: String, launcher: Launcher, scratch: FilePath
    ) async -> Toolbox {
        var known: [String: State] = [:]
        var entries: [Entry] = []
        for converter in converters {
            let tool = converter.tool
            if known[tool.name] == nil {
                known[tool.name] = await look(
                    for: tool, at: paths[tool.name], searchPath: searchPath, launcher: launcher, scratch: scratch)
            }
            entries.append(Entry(converter: converter, state: known[tool.name] ?? .missing("It was not looked for.")))
        }
        return Toolbox(entries: entries)
    }

    private static func look(
        for tool: Tool, at path: String?, searchPath: String, launcher: Launcher, scratch: FilePath
    ) async -> State {
        let candidates: [FilePath] =
            path.map { [FilePath($0)] }
            ?? tool.programs.flatMap { program in
                searchPath.split(separator: ":").map { FilePath(String($0)).appending(program) }
            }
        guard let program = candidates.first(where: \.isExecutable) else {
            return .missing(
                path.map { "There is no program at \($0)." } ?? "It was not found. To install it: \(tool.install)")
        }
        do throws(Failure) {
            let version = try await askVersion(of: tool, program, launcher: launcher, scratch: scratch)
            return .installed(InstalledTool(tool: tool, program: program, version: version))
        } catch {
            return .missing(error.message)
        }
    }

    /// Proves that the tool starts in the sandbox, and learns its version: the first number with a dot that it prints.
    private static func askVersion(
        of tool: Tool, _ program: FilePath, launcher: Launcher, scratch: FilePath
    ) async throws(Failure) -> String {
        let workspace = Workspace(root: scratch.appending("\(tool.name).version"))
        defer { workspace.remove() }
        try workspace.make()
        let report = await launcher.run(
            program: program, arguments: tool.versionArguments, in: workspace, inputs: [],
            limits: ToolLimits(timeout: .seconds(30)))
        guard report.outcome == .exited, report.code == 0 else {
            throw Failure(.toolMissing, "It was found but does not start: \(report.summary).")
        }
        return VersionNumber.first(in: workspace.logTail(limit: 4096)) ?? "unknown"
    }
}

enum VersionNumber {
    /// The first `digits.digits…` in the text.
    static func first(in text: String) -> String? {
        text.split(whereSeparator: { !($0.isNumber || $0 == ".") })
            .map { String($0).trimmingDots }
            .first { $0.contains(".") && $0.first?.isNumber == true }
    }
}

extension String {
    fileprivate var trimmingDots: String {
        String(drop { $0 == "." }.reversed().drop { $0 == "." }.reversed())
    }
}

extension FilePath {
    fileprivate var isExecutable: Bool {
        Access.isExecutableFile(self)
    }
}
