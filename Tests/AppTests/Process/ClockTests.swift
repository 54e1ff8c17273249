import Foundation
import HTTPTypes
import SystemPackage
import TestSupport
import Testing

@testable import App

/// A wall clock that is turned under a real server (`Tests/Faults/clock.c`).
@Suite(
    .enabled(if: KilnProcess.isBuilt, KilnProcess.notBuilt), .enabled(if: Installed.sandbox, Installed.noSandbox),
    .enabled(if: Installed.compiler, Installed.noCompiler), .timeLimit(.minutes(5)))
struct ClockTests {
    /// What a tool does by what its source says: crash, which is tried once again; wait to be let go; or copy.
    private static let obedient = FakeBehaviour(
        """
        if grep -q crash "$source"; then kill -SEGV $$; fi
        if grep -q wait "$source"; then : > "$TMPDIR/started"; until [ -e "$TMPDIR/leave" ]; do sleep 0.01; done; fi
        """
    ).then(.copies)

    @Test(arguments: [365, -365])
    func `a clock that jumps by a year neither loses, nor repeats, nor stalls a job`(days: Int64) async throws {
        try await withTemporaryFolder { folder in
            let clock = folder.appending("clock")
            try set(clock, to: 0)
            let library = try await Preload.compile("clock", in: folder)
            let settings = try install(Self.obedient, in: folder).merging([
                "LD_PRELOAD": library.string, "FAULTY_CLOCK": clock.string, "MAX_CONCURRENT_ASSIMP": "1",
                "RETRY_DELAY": "2s",
            ]) { $1 }
            try await KilnProcess.serve(in: folder, settings) { process in
                let kiln = try await process.listening()
                let running = try await kiln.accepted(Self.source("wait"))
                let started = folder.appending("data/work/\(running).1/tmp/started").string
                try await eventually { FileManager.default.fileExists(atPath: started) }
                let (retrying, pending) = (
                    try await kiln.accepted(Self.source("crash")), try await kiln.accepted(Self.source("copy"))
                )
                try set(clock, to: days * 86400)
                try Data().write(to: URL(filePath: folder.appending("data/work/\(running).1/tmp/leave").string))
                // Its first attempt may end before or after the clock goes back.
                try await eventually {
                    try await kiln.get("/api/jobs/\(retrying)").json.attempts.elements.first?.outcome.string == "failed"
                }
                try set(clock, to: 0)
                try await expect(running, "succeeded", ["succeeded"], at: kiln)
                try await expect(pending, "succeeded", ["succeeded"], at: kiln)
                try await expect(retrying, "failed", ["failed", "failed"], at: kiln)
                process.signal(SIGTERM)
                #expect(try await process.end() == 0)
            }
        }
    }

    private static func source(_ word: String) -> [UInt8] { Array("# \(word)\n".utf8) + Samples.obj() }

    /// In seconds.
    private func set(_ clock: FilePath, to offset: Int64) throws {
        let file = try FileDescriptor.open(
            clock, .readWrite, options: [.create], permissions: [.ownerReadWrite])
        try file.closeAfter { _ = try withUnsafeBytes(of: offset) { try file.writeAll(toAbsoluteOffset: 0, $0) } }
    }

    private func expect(
        _ job: String, _ status: String, _ outcomes: [String], at kiln: KilnProcess.Address
    ) async throws {
        let end = try await kiln.ended(job)
        #expect(end.status.string == status && end.attempts.elements.map(\.outcome.string) == outcomes, "\(end)")
    }
}
