import Glibc
import Persistence
import SystemPackage
import TestSupport
import Testing

@testable import Pipeline

/// The launcher as a server's child, with a Perl script for a server that can be killed.
@Suite(.enabled(if: Machine.hasSandbox, "\(Machine.withoutSandbox)"))
struct LeashTests {
    /// Holds the leash and does nothing.
    private static let server = "pipe R, W; if (!fork) { close W; open STDIN, '<&R'; exec @ARGV } close R; sleep 1000"

    @Test func `when the server is killed its tool dies`() async throws {
        try await withLaunchedTool { tool in
            let program = try tool.install(.leavesDaemon.then(.isDeaf))
            let launcher = try launcher(of: program, in: tool.workspace)
            try await withProcess("/usr/bin/perl", ["-e", Self.server] + launcher) { server in
                try await eventually(within: Machine.patience) {
                    access(tool.workspace.scratch.appending("started").string, F_OK) == 0
                }
                kill(server, SIGKILL)
                try await eventually(within: Machine.patience) { Processes.mentioning(program.string).isEmpty }
            }
        }
    }

    /// This very program as a launcher.
    private func launcher(of program: FilePath, in workspace: Workspace) throws -> [String] {
        let sandbox = try #require(Sandbox.find(searchPath: Machine.searchPath))
        let options = ["--log", workspace.log.string, "--log-limit", "4096", "--wall", "600000", "--grace", "100"]
        return try [ownProgram(), "launch"] + options + ["--bwrap", "--"]
            + sandbox.command(ToolCall(program, ["a", "b"]), in: workspace)
    }

    private func ownProgram() throws -> String {
        var path = [CChar](repeating: 0, count: Int(PATH_MAX))
        let length = readlink("/proc/self/exe", &path, path.count)
        try #require(length > 0 && length < path.count)
        return String(decoding: path.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
