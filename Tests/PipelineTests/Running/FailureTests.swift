import Persistence
import TestSupport
import Testing

@testable import Pipeline

/// Every way a tool can fail, and the word for it in the row.
@Suite(.enabled(if: Machine.hasSandbox, "\(Machine.withoutSandbox)"))
struct FailureTests {
    /// What a tool does, and what that is called.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let behaviour: FakeBehaviour
        let code: Failure.Code

        init(_ description: String, _ behaviour: FakeBehaviour, _ code: Failure.Code) {
            testDescription = description
            self.behaviour = behaviour
            self.code = code
        }
    }

    static let cases = [
        Case("exits with 1", .fails(1), .toolFailed),
        Case("exits with 42, which its converter explains", .fails(42), .invalidInput),
        Case("dies of SIGSEGV", .dies(of: "SEGV"), .crashed),
        Case("dies of SIGABRT", .dies(of: "ABRT"), .crashed),
        Case("is killed", .dies(of: "KILL"), .crashed),
        Case("uses up its processor time", .dies(of: "XCPU"), .timedOut),
        Case("hangs", .hangs, .timedOut),
        Case("hangs and is deaf", .isDeaf, .timedOut),
        Case("writes too large a file", FakeBehaviour("exec head -c 3000000 /dev/zero > \"$result\""), .outputTooLarge),
        Case("writes nothing", .doesNothing, .emptyResult),
        Case("writes something else", .writes(Samples.stl(), to: "/out/other.stl"), .emptyResult),
        Case("makes a folder of that name", FakeBehaviour("mkdir \"$result\"; : > \"$result/file\""), .emptyResult),
        Case("writes an empty file", FakeBehaviour(": > \"$result\""), .invalidResult),
        Case("writes a model without faces", .makes(Array("solid a\nendsolid a\n".utf8)), .emptyResult),
        Case("writes half a model", .makes(Array(Samples.stl().prefix(300))), .invalidResult),
        Case("writes something else in the file", .makes(Array("sorry".utf8)), .invalidResult),
        Case("leaves a link to a file", FakeBehaviour("ln -s \"$source\" \"$result\""), .invalidResult),
        Case("leaves a link beside", .makes(Samples.stl()).then(FakeBehaviour("ln -s / /out/all")), .invalidResult),
        Case("leaves a pipe", .makes(Samples.stl()).then(FakeBehaviour("mkfifo /out/pipe")), .invalidResult),
        Case(
            "leaves a thousand files beside", .makes(Samples.stl()).then(FakeBehaviour("touch $(seq 1 1000)")),
            .outputTooLarge),
        Case(
            "nests folders", .makes(Samples.stl()).then(FakeBehaviour("mkdir -p 1/2/3/4/5/6/7/8/9")), .invalidResult),
    ]

    @Test(arguments: cases) func `a failure has its code, and a sentence without a path`(_ failing: Case) async throws {
        let limits = ToolLimits(fileSize: 1 << 20)
        let forge = FakeTool("forge", limits: limits, explain: Self.explain, does: failing.behaviour)
        let timeout = Duration.seconds(failing.code == .timedOut ? 1 : 300)
        try await withWorkbench(forge, limits: .init(timeout: timeout)) { bench in
            let dossier = try await bench.convert()
            #expect(dossier.job.status == .failed)
            #expect(dossier.job.failure?.code == failing.code)
            #expect(dossier.attempts.map(\.failureCode) == [failing.code])
            #expect(dossier.job.failure?.message.contains("/") == false)
        }
    }

    private static func explain(exitCode: Int, log: String) -> Failure? {
        exitCode == 42 && log.contains("no") ? Failure(.invalidInput, "The tool could not read the file.") : nil
    }

    @Test func `the time that a run may take is the smaller one`() async throws {
        for limits in [ToolLimits(timeout: .seconds(1)), ToolLimits(timeout: .seconds(500))] {
            let isOwn = limits.timeout == .seconds(1)
            let forge = FakeTool("forge", limits: limits, does: .hangs)
            try await withWorkbench(forge, limits: .init(timeout: isOwn ? .seconds(500) : .seconds(1))) { bench in
                let dossier = try await bench.convert()
                #expect(dossier.job.failure?.message == "The tool (forge) took longer than 1 seconds.")
            }
        }
    }
}
