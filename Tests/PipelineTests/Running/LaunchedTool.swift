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
    private let launcher = Launcher(sandbox: Sandbox.find(searchPath: Machine.searchPath), niceness: 0)

    /// A file that tools find as `/in/model.obj`.
    let input: FilePath

    fileprivate init(_ folder: FilePath) throws {
        self.folder = folder
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

    /// Runs lines of `sh`.
    func shell(_ script: String, limits: ToolLimits = ToolLimits(timeout: .seconds(300))) async -> RunReport {
        await run("/usr/bin/sh", ["-c", script], limits: limits)
    }

    /// Runs lines of Perl, which every Debian has.
    func perl(_ script: String, limits: ToolLimits = ToolLimits(timeout: .seconds(300))) async -> RunReport {
        await run("/usr/bin/perl", ["-e", script], limits: limits)
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
func withLaunchedTool<Value>(_ body: (LaunchedTool) async throws -> Value) async throws -> Value {
    try await withTemporaryFolder { try await body(LaunchedTool($0)) }
}

extension ToolCall {
    /// Of a program that is nobody's tool.
    init(_ program: FilePath, _ arguments: [String], inputs: Inputs = .nothing) {
        let tool = Tool(name: "any", programs: [], limit: 1, versionArguments: nil, install: "")
        self.init(
            InstalledTool(tool: tool, program: program, version: "unknown"), Command(arguments), inputs: inputs)
    }
}
