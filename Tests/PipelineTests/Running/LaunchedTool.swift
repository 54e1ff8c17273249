import Glibc
import Persistence
import SystemPackage
import TestSupport
import Testing

@testable import Pipeline

/// A workspace in a temporary folder, and programs that are run in it.
struct LaunchedTool {
    let folder: FilePath
    let workspace: Workspace
    private let launcher: Launcher

    /// A file that tools find as `/in/model.obj`.
    let input: FilePath

    fileprivate init(_ folder: FilePath, _ sandbox: Sandbox?) throws {
        self.folder = folder
        launcher = Launcher(sandbox: sandbox, niceness: 0)
        workspace = Workspace(root: folder.appending("workspace"))
        try workspace.make()
        input = folder.appending("input")
        let file = try FileDescriptor.open(input, .writeOnly, options: .create, permissions: .ownerReadWrite)
        try file.closeAfter { _ = try file.writeAll(Samples.obj()) }
    }

    /// What the tools said so far.
    var log: String { workspace.logTail(limit: 1 << 20) }

    func run(
        _ program: FilePath, _ arguments: [String], limits: ToolLimits = ToolLimits(timeout: .seconds(300))
    ) async -> RunReport {
        await launcher.run(
            ToolCall(program, arguments, inputs: .file(input, name: "model.obj")), in: workspace, limits: limits)
    }

    /// As a tool that needs no more than its libraries.
    func runLittle(_ program: FilePath, _ arguments: [String]) async -> RunReport {
        await launcher.run(
            ToolCall(program, arguments, needs: [.little]), in: workspace, limits: ToolLimits(timeout: .seconds(300)))
    }

    /// Runs lines of `sh`.
    func shell(_ script: String, limits: ToolLimits = ToolLimits(timeout: .seconds(300))) async -> RunReport {
        await run("/usr/bin/sh", ["-c", script], limits: limits)
    }

    /// Runs lines of Perl, which every Debian has.
    func perl(_ script: String, limits: ToolLimits = ToolLimits(timeout: .seconds(300))) async -> RunReport {
        await run("/usr/bin/perl", ["-e", script], limits: limits)
    }

    /// How a converter would fail over the report.
    func failure(of report: RunReport, limits: ToolLimits) -> Failure? {
        let converter = FakeTool("fake", limits: limits, does: .doesNothing).converter
        return Diagnosis(converter: converter, limits: limits).failure(of: report, log: log)
    }

    /// The parent of bubblewrap, which is the first that mentions the workspace.
    func launcherProcess() throws -> pid_t {
        let bubblewrap = try #require(Processes.mentioning(workspace.out.string).min())
        return try #require(Processes.parent(of: bubblewrap))
    }

    /// The program of a tool, as an argument of `run`; also what finds its processes.
    func install(_ behaviour: FakeBehaviour) throws -> FilePath {
        try FakeTool("fake", does: behaviour).install(in: folder.appending("programs"))
    }
}

/// Lends one.
func withLaunchedTool<Value>(
    at level: Sandbox.Level = .bubblewrap, groups: [FilePath] = [], _ body: (LaunchedTool) async throws -> Value
) async throws -> Value {
    let sandbox = Machine.sandbox(level, groups: groups)
    return try await withTemporaryFolder { try await body(LaunchedTool($0, sandbox)) }
}

extension ToolCall {
    /// Of a program that is nobody's tool.
    init(_ program: FilePath, _ arguments: [String], inputs: Inputs = .nothing, needs: Set<Tool.Need> = []) {
        let tool = Tool(name: "any", programs: [], limit: 1, versionArguments: nil, install: "", needs: needs)
        self.init(
            InstalledTool(tool: tool, program: program, version: "unknown"), Command(arguments), inputs: inputs)
    }
}
