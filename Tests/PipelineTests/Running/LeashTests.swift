import Foundation
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

    @Test(arguments: Machine.levels)
    func `when the server is killed its tool dies`(level: Sandbox.Level) async throws {
        try await withLaunchedTool(at: level) { tool in
            let program = try tool.install(.leavesDaemon.then(.isDeaf))
            let launcher = try launcher(of: program, in: tool.workspace, level)
            try await withProcess("/usr/bin/perl", ["-e", Self.server] + launcher) { server in
                try await eventually(within: Machine.patience) {
                    access(tool.workspace.scratch.appending("started").string, F_OK) == 0
                }
                kill(server, SIGKILL)
                try await eventually(within: Machine.patience) { Processes.mentioning(program.string).isEmpty }
            }
        }
    }

    /// A parent-death signal would come when the thread ends that forked (prctl(2)).
    @Test(arguments: Machine.levels)
    func `a run outlives the thread that started it`(level: Sandbox.Level) async throws {
        try await withLaunchedTool(at: level) { tool in
            let words = try launcher(of: tool.install(.waits), in: tool.workspace, level).dropFirst(2)
            let (link, spawner) = (try Link(), Spawner())
            let thread = Thread {
                if link.handOver(spawner.pass) { link.send(Array(words)) }
            }
            thread.start()
            try await eventually(within: Machine.patience) {
                thread.isFinished && access(tool.workspace.scratch.appending("started").string, F_OK) == 0
            }
            try Files.write([], to: tool.workspace.scratch.appending("leave"))
            let report = await BlockingPool(threads: 1).run { RunReport(line: link.report()) }
            #expect(report.outcome == .exited && report.code == 0)
        }
    }

    /// This very program as a launcher.
    private func launcher(
        of program: FilePath, in workspace: Workspace, _ level: Sandbox.Level
    ) throws -> [String] {
        let sandbox = try #require(Machine.sandbox(level))
        let options = ["--log", workspace.log.string, "--log-limit", "4096", "--wall", "600000", "--grace", "100"]
        return try [ownProgram(), "launch"] + options
            + sandbox.words(ToolCall(program, ["a", "b"]), in: workspace)
    }

    private func ownProgram() throws -> String {
        var path = [CChar](repeating: 0, count: Int(PATH_MAX))
        let length = readlink("/proc/self/exe", &path, path.count)
        try #require(length > 0 && length < path.count)
        return String(decoding: path.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
