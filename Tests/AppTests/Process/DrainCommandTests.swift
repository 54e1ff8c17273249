import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import App

/// `kiln drain` beside a server, as an operator types it.
@Suite(.enabled(if: KilnProcess.isBuilt, KilnProcess.notBuilt), .timeLimit(.minutes(5)))
struct DrainCommandTests {
    @Test func `a server is drained, looked at, and takes jobs again`() async throws {
        try await withTemporaryFolder { folder in
            try await KilnProcess.serve(in: folder) { kiln in
                _ = try await kiln.listening()
                let drained = try await drain(folder)
                #expect(drained.exitCode == 0 && drained.output.hasPrefix("drained since 2"))
                #expect(drained.output.contains("nothing is left"))
                #expect(try await drain(folder, "--status").output.hasPrefix("drained since 2"))
                #expect(try await drain(folder, "--off").output.hasPrefix("takes jobs: 0 uploading"))
            }
        }
    }

    @Test func `where no server runs, it says so`() async throws {
        try await withTemporaryFolder { folder in
            let exitCode = try await drain(folder).exitCode
            #expect(exitCode == 69)
        }
    }

    private func drain(_ folder: FilePath, _ words: String...) async throws -> (exitCode: Int32, output: String) {
        try await KilnCommand.run(["drain"] + words, in: folder, ["DATA_DIR": folder.appending("data").string])
    }
}
