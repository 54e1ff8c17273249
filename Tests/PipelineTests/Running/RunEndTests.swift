import Glibc
import Persistence
import SystemPackage
import TestSupport
import Testing

@testable import Pipeline

/// How a run ends is told as it was, and afterwards nothing of the tool is left.
@Suite(.enabled(if: Machine.hasSandbox, "\(Machine.withoutSandbox)"))
struct RunEndTests {
    @Test(arguments: [0, 1, 77], Machine.levels)
    func `the exit code is the tool's`(code: Int, level: Sandbox.Level) async throws {
        try await withLaunchedTool(at: level) { tool in
            let report = await tool.shell("exit \(code)")
            #expect(report.outcome == .exited)
            #expect(report.code == code)
            #expect(report.signal == 0)
        }
    }

    @Test(arguments: [("SEGV", SIGSEGV), ("ABRT", SIGABRT), ("KILL", SIGKILL)], Machine.levels)
    func `the signal is the one that ended the tool`(
        signal: (name: String, number: CInt), level: Sandbox.Level
    ) async throws {
        try await withLaunchedTool(at: level) { tool in
            let report = try await tool.run(tool.install(.dies(of: signal.name)), ["a", "b"])
            #expect(report.outcome == .signaled)
            #expect(report.signal == Int(signal.number))
        }
    }

    @Test func `a program that is not there is told apart from one that fails`() async throws {
        try await withLaunchedTool { tool in
            let report = await tool.run("/usr/bin/no-such-program", [])
            #expect(report.outcome == .sandbox)
        }
    }

    @Test func `without a sandbox no tool is started`() async throws {
        try await withLaunchedTool { tool in
            let report = await Launcher(sandbox: nil, niceness: 0).run(
                ToolCall("/usr/bin/touch", ["/out/made"]), in: tool.workspace, limits: ToolLimits())
            #expect(report.outcome == .sandbox)
            let made = try Directory.names(in: tool.workspace.out)
            #expect(made.isEmpty)
        }
    }

    @Test(arguments: [FakeBehaviour.hangs, .isDeaf, .leavesDaemon.then(.isDeaf)], Machine.levels)
    func `when time is up the whole tree is dead`(behaviour: FakeBehaviour, level: Sandbox.Level) async throws {
        try await withLaunchedTool(at: level) { tool in
            let program = try tool.install(behaviour)
            let report = await tool.run(program, ["a", "b"], limits: ToolLimits(timeout: .seconds(1)))
            #expect(report.outcome == .timedOut)
            #expect(Processes.mentioning(program.string).isEmpty)
        }
    }

    @Test(arguments: Machine.levels)
    func `a run that is cancelled is stopped, and its whole tree is dead`(level: Sandbox.Level) async throws {
        try await withLaunchedTool(at: level) { tool in
            let program = try tool.install(.leavesDaemon.then(.isDeaf))
            let run = Task { await tool.run(program, ["a", "b"]) }
            try await eventually(within: Machine.patience) {
                access(tool.workspace.scratch.appending("started").string, F_OK) == 0
            }
            run.cancel()
            let report = await run.value
            #expect(report.outcome == .stopped)
            #expect(Processes.mentioning(program.string).isEmpty)
        }
    }

    @Test(arguments: Machine.levels)
    func `a run that was cancelled before it began is stopped`(level: Sandbox.Level) async throws {
        try await withLaunchedTool(at: level) { tool in
            let program = try tool.install(.hangs)
            let run = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return await tool.run(program, ["a", "b"])
            }
            let report = await run.value
            #expect(report.outcome == .stopped)
            #expect(Processes.mentioning(program.string).isEmpty)
        }
    }

    @Test(arguments: Machine.levels)
    func `what a tool leaves behind dies also after success`(level: Sandbox.Level) async throws {
        try await withLaunchedTool(at: level) { tool in
            let program = try tool.install(.leavesDaemon)
            let report = await tool.run(program, ["a", "b"])
            #expect(report.outcome == .exited)
            #expect(report.code == 0)
            #expect(access(tool.workspace.scratch.appending("daemon").string, F_OK) == 0)
            #expect(Processes.mentioning(program.string).isEmpty)
        }
    }

    @Test func `when the launcher itself is killed its tool dies, and nothing is known`() async throws {
        try await withLaunchedTool { tool in
            let program = try tool.install(.leavesDaemon.then(.isDeaf))
            let run = Task { await tool.run(program, ["a", "b"]) }
            try await eventually(within: Machine.patience) {
                access(tool.workspace.scratch.appending("started").string, F_OK) == 0
            }
            kill(try tool.launcherProcess(), SIGKILL)
            let report = await run.value
            #expect(report.outcome == .unknown)
            try await eventually(within: Machine.patience) { Processes.mentioning(program.string).isEmpty }
        }
    }
}
