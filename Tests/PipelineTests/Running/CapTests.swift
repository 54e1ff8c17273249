import Glibc
import Persistence
import SystemPackage
import TestSupport
import Testing

@testable import Pipeline

/// What all processes of a run may use together, and what it is called when they use more.
@Suite(.enabled(if: !Machine.levels.isEmpty, "no sandbox works here"))
struct CapTests {
    private static let small = ToolLimits(
        timeout: .seconds(120), memory: 256 << 20, fileSize: 64 << 20, output: 32 << 20, processes: 40)

    /// Ways to fill the disk. Each would be more than the cap, and waits then to be ended.
    @Test(
        arguments: [
            "head -c 50000000 /dev/zero > model.stl", "head -c 50000000 /dev/zero > $TMPDIR/scratch",
            "for i in $(seq 100); do head -c 500000 /dev/zero > $i; done",
            "exec 3> gone; rm gone; head -c 50000000 /dev/zero >&3",
            "mkdir folder; head -c 50000000 /dev/zero > folder/file; chmod 0 folder",
            "d=.; for i in $(seq 100); do d=$d/d; mkdir $d; done",
        ], Machine.levels)
    func `a tool that writes too much is ended`(script: String, level: Sandbox.Level) async throws {
        try await ends(script + "; sleep 100", .output, .outputTooLarge, level)
    }

    @Test(arguments: Machine.levels) func `memory is counted over all processes`(level: Sandbox.Level) async throws {
        let eater = "perl -e '$text = q(x) x (100 << 20); sleep 100'"
        try await ends("for i in 1 2 3 4; do \(eater) & done; wait", .memory, .outOfMemory, level)
    }

    @Test(arguments: Machine.levels) func `what forks share is counted once`(level: Sandbox.Level) async throws {
        try await withLaunchedTool(at: level) { tool in
            let report = await tool.perl(
                "$text = q(x) x (60 << 20); for (1..8) { if (!fork) { sleep 2; exit } } 1 while wait > 0",
                limits: Self.small)
            #expect(report.outcome == .exited && report.code == 0)
        }
    }

    /// It forks a thousand times at most, should nothing hold it.
    @Test(arguments: Machine.levels)
    func `a fork bomb is ended, and nothing of it stays`(level: Sandbox.Level) async throws {
        let child = "$SIG{TERM} = q(IGNORE); setpgrp; sleep 100; exit"
        let bomb = "perl -e 'for (1..1000) { if (!fork) { \(child) } } sleep 100'"
        try await ends(bomb, .processes, .toolFailed, level)
    }

    @Test(arguments: Machine.levels) func `each process has its limits`(level: Sandbox.Level) async throws {
        try await withLaunchedTool(at: level) { tool in
            _ = await tool.shell("ulimit -t; ulimit -v; ulimit -f; ulimit -n; ulimit -c", limits: Self.small)
            // Seconds, four for each of the clock; KiB; blocks of 512 bytes; descriptors; dumps.
            #expect(tool.log == "480\n\(256 << 10)\n\(128 << 10)\n256\n0\n")
        }
    }

    @Test(arguments: Machine.levels)
    func `address space is capped for each process`(level: Sandbox.Level) async throws {
        try await withLaunchedTool(at: level) { tool in
            let report = await tool.perl("$text = q(x) x (300 << 20); print length $text", limits: Self.small)
            #expect(report.outcome == .exited && report.code != 0)
            #expect(report.memoryKills == 0)
        }
    }

    @Test(arguments: Machine.levels)
    func `a crash near the cap says so, and no more`(level: Sandbox.Level) async throws {
        try await withLaunchedTool(at: level) { tool in
            let limits = ToolLimits(timeout: .seconds(120), memory: 1 << 30)
            let report = await tool.perl("my $text = 'x'; $text x= 960 << 20; kill 'SEGV', $$", limits: limits)
            #expect(
                tool.failure(of: report, limits: limits)
                    == Failure(.crashed, "The tool (fake) crashed with SIGSEGV, near its memory cap."))
        }
    }

    @Test(.enabled(if: Machine.hasGroups, "\(Machine.withoutGroups)"), arguments: Machine.levels)
    func `where a control group counts memory it tells of its end`(level: Sandbox.Level) async throws {
        // After the launcher's first look, which makes the group; its next one may come before the kernel's end.
        let limits = ToolLimits(timeout: .seconds(120), memory: 128 << 20, output: 1 << 30)
        try await withLaunchedTool(at: level, groups: Machine.groups) { tool in
            let eater = "perl -e 'my $text = q(x); $text x= 80 << 20; sleep 5'"
            let report = await tool.shell(
                "sleep 3; \(eater) & \(eater) & \(eater) & wait; exit 9", limits: limits)
            #expect(report.memoryKills > 0 || report.outcome == .memory)
            #expect(tool.failure(of: report, limits: limits)?.code == .outOfMemory)
            #expect(left(in: Machine.groups).isEmpty)
        }
    }

    @Test(.enabled(if: Machine.hasGroups, "\(Machine.withoutGroups)"), arguments: Machine.levels)
    func `where a control group counts processes and their threads there are never more`(level: Sandbox.Level)
        async throws
    {
        try await withLaunchedTool(at: level, groups: Machine.groups) { tool in
            _ = await tool.perl(
                """
                $| = 1; select undef, undef, undef, 3;
                for (1..100) { $p = fork; defined $p or last; $n++; if (!$p) { sleep 9; exit } } print $n
                """,
                limits: ToolLimits(timeout: .seconds(120), processes: 20))
            // Nothing is said where the launcher saw first that there are more than twenty.
            #expect(Int(tool.log) ?? 0 < 80)
            #expect(left(in: Machine.groups).isEmpty)
        }
    }

    private func ends(
        _ script: String, _ outcome: RunReport.Outcome, _ code: Failure.Code, _ level: Sandbox.Level
    ) async throws {
        try await withLaunchedTool(at: level) { tool in
            let program = try tool.install(FakeBehaviour(script))
            let report = await tool.run(program, ["a", "b"], limits: Self.small)
            #expect(report.outcome == outcome)
            #expect(tool.failure(of: report, limits: Self.small)?.code == code)
            #expect(Processes.mentioning(program.string).isEmpty)
            try Directory.remove(tool.workspace.root)
        }
    }

    /// Groups of launchers that are gone.
    private func left(in groups: [FilePath]) -> [String] {
        groups.flatMap { (try? Directory.names(in: $0)) ?? [] }
            .filter { $0.hasPrefix("kiln-") }.filter { kill(pid_t($0.dropFirst(5)) ?? 1, 0) != 0 }
    }
}
