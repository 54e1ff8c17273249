import CLauncher
import Glibc
import Persistence
import SystemPackage
import TestSupport
import Testing

@testable import Pipeline

/// The process between us and the launchers: it may be killed, and it never stays behind.
@Suite(.enabled(if: Machine.hasSandbox, "\(Machine.withoutSandbox)"))
struct SpawnerTests {
    @Test func `a run outlives the spawner that started it, and the next one gets another`() async throws {
        try await withLaunchedTool { tool in
            let program = try tool.install(.waits)
            async let run = tool.run(program, ["a", "b"])
            try await started(tool)
            let spawner = try process(of: tool)

            kill(spawner, SIGKILL)
            try Files.write([], to: tool.workspace.scratch.appending("leave"))

            #expect(await run.outcome == .exited)
            try Directory.remove(tool.workspace.log)
            let next = await tool.shell("exit 7")
            #expect(next.code == 7)
            try await eventually(within: Machine.patience) { Processes.parent(of: spawner) == nil }
        }
    }

    @Test func `runs share one spawner, and leave no zombies`() async throws {
        try await withLaunchedTool { tool in
            let program = try tool.install(.hangs)
            var spawners: [pid_t] = []
            var launchers: [pid_t] = []
            for _ in 0..<2 {
                let run = Task { await tool.run(program, ["a", "b"]) }
                try await started(tool)
                spawners.append(try process(of: tool))
                launchers.append(try tool.launcherProcess())
                run.cancel()
                _ = await run.value
                try tool.workspace.make()
            }
            #expect(Set(spawners).count == 1)
            #expect(Set(launchers).count == 2)
            try await eventually(within: Machine.patience) {
                launchers.allSatisfy { Processes.parent(of: $0) == nil }
            }
        }
    }

    @Test func `a launcher takes one run after the other, each as if it were its first`() async throws {
        try await withLaunchedTool { tool in
            let script = "nice; ulimit -a; ls /proc/self/fd | wc -l; grep -E '^(Sig|Cap|NoNew)' /proc/self/status"
            var (launchers, said): (Set<pid_t>, Set<String>) = ([], [])
            for _ in 0..<3 {
                let program = try tool.install(.waits)
                async let run = tool.run(program, ["a", "b"])
                try await started(tool)
                launchers.insert(try tool.launcherProcess())
                try Files.write([], to: tool.workspace.scratch.appending("leave"))
                #expect(await run.outcome == .exited)
                try tool.workspace.make()
                #expect(await tool.shell(script).code == 0)
                said.insert(tool.log)
                try tool.workspace.make()
            }
            #expect(launchers.count == 1 && said.count == 1, "\(said)")
        }
    }

    @Test func `a launcher that was killed while it waited, or has had its runs, is replaced`() async throws {
        try await withLaunchedTool { tool in
            let program = try tool.install(.waits)
            async let run = tool.run(program, ["a", "b"])
            try await started(tool)
            let launcher = try tool.launcherProcess()
            try Files.write([], to: tool.workspace.scratch.appending("leave"))
            #expect(await run.outcome == .exited)
            kill(launcher, SIGKILL)
            try await eventually(within: Machine.patience) { Processes.parent(of: launcher) == nil }
            for number in 0...Int(KILN_LAUNCH_RUNS) {
                try tool.workspace.make()
                #expect(await tool.shell("exit \(number % 8)").code == number % 8)
            }
        }
    }

    @Test func `it ends with us, and takes no signal for its end`() async throws {
        let spawner = try await withLaunchedTool { tool in
            let program = try tool.install(.hangs)
            let run = Task { await tool.run(program, ["a", "b"]) }
            try await started(tool)
            let spawner = try process(of: tool)
            for signal in [SIGTERM, SIGINT, SIGHUP] { kill(spawner, signal) }
            run.cancel()
            _ = await run.value
            try tool.workspace.make()
            #expect(await tool.shell("exit 7").code == 7)
            #expect(Processes.parent(of: spawner) != nil)
            return spawner
        }
        try await eventually(within: Machine.patience) { Processes.parent(of: spawner) == nil }
    }

    @Test func `a command line longer than a socket takes is passed whole`() async throws {
        try await withLaunchedTool { tool in
            let words = (0..<1000).map { "\($0)" + String(repeating: "x", count: 400) }
            let report = await tool.run("/usr/bin/sh", ["-c", "echo $# ${#1000}", "sh"] + words)
            #expect(report.code == 0)
            #expect(tool.log == "1000 403\n")
        }
    }

    @Test func `a tool has no descriptors but its own three`() async throws {
        try await withLaunchedTool { tool in
            _ = await tool.shell("cd /proc/self/fd && for f in *; do readlink $f; done | sort | uniq -c")
            let lines = tool.log.split(separator: "\n").map { $0.drop(while: \.isWhitespace) }
            #expect(lines.filter { $0.contains("socket:") }.isEmpty)
            #expect(lines.count <= 3)
        }
    }

    private func started(_ tool: LaunchedTool) async throws {
        try await eventually(within: Machine.patience) {
            access(tool.workspace.scratch.appending("started").string, F_OK) == 0
        }
    }

    private func process(of tool: LaunchedTool) throws -> pid_t {
        try #require(Processes.parent(of: tool.launcherProcess()))
    }
}
