import Persistence
import SystemPackage
import TestSupport
import Testing

@testable import Pipeline

/// What a run used is what the tool used.
@Suite(.enabled(if: Machine.hasSandbox, "\(Machine.withoutSandbox)"))
struct UsageTests {
    @Test func `processor time is the tool's`() async throws {
        try await withLaunchedTool { tool in
            let report = await tool.perl("while ((times)[0] < 0.5) { my $sum = 0; $sum += $_ for 1..20000 }")
            #expect(report.code == 0)
            let seconds = try #require(report.cpuSeconds)
            #expect((0.49..<0.8).contains(seconds))
        }
    }

    @Test func `processor time of the tool's own children counts`() async throws {
        try await withLaunchedTool { tool in
            let burn = "while ((times)[0] < 0.25) { my $sum = 0; $sum += $_ for 1..20000 }"
            let report = await tool.perl("for (1..2) { if (!fork) { \(burn); exit } } wait; wait")
            let seconds = try #require(report.cpuSeconds)
            #expect((0.49..<0.8).contains(seconds))
        }
    }

    @Test func `peak memory is the tool's`() async throws {
        try await withLaunchedTool { tool in
            let report = await tool.perl(#"my $text = "x"; $text x= 200 << 20;"#)
            #expect(report.code == 0)
            let bytes = try #require(report.peakMemoryBytes)
            #expect((200 << 20..<240 << 20).contains(bytes))
        }
    }

    @Test func `a small tool is not billed for a large server`() async throws {
        try await withLaunchedTool { tool in
            let report = await tool.run("/usr/bin/true", [])
            let bytes = try #require(report.peakMemoryBytes)
            #expect(bytes < 8 << 20)
        }
    }

    @Test func `wall time runs until the end`() async throws {
        try await withLaunchedTool { tool in
            let began = ContinuousClock.now
            let report = await tool.shell("sleep 0.3")
            let wall = try #require(report.wall)
            #expect(wall >= .milliseconds(300))
            #expect(wall <= ContinuousClock.now - began)
        }
    }

    @Test func `the log is capped, and says what was dropped`() async throws {
        try await withLaunchedTool { tool in
            let report = try await tool.run(
                tool.install(.floods(lines: 100_000)), ["a", "b"],
                limits: ToolLimits(timeout: .seconds(300), log: 4096))
            #expect(report.code == 0)
            #expect(tool.log.utf8.count < 4096 + 100)
            #expect(tool.log.hasSuffix("[log limit of 4096 bytes reached, \(100_000 * 10 - 4096) bytes dropped]\n"))
        }
    }

    @Test func `both output and error go to the log`() async throws {
        try await withLaunchedTool { tool in
            _ = await tool.shell("echo one; echo two >&2; echo three")
            #expect(tool.log == "one\ntwo\nthree\n")
        }
    }
}
