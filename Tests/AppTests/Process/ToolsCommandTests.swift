import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import App

/// `kiln tools` beside a server, as an operator types it.
@Suite(.enabled(if: KilnProcess.isBuilt, KilnProcess.notBuilt), .timeLimit(.minutes(5)))
struct ToolsCommandTests {
    @Test(.enabled(if: Installed.assimp, Installed.noAssimp))
    func `a tool is shown, paused and resumed`() async throws {
        try await withTemporaryFolder { folder in
            try await KilnProcess.serve(in: folder) { kiln in
                _ = try await kiln.listening()
                let before = try await tools(folder)
                #expect(before.exitCode == 0 && before.output.hasPrefix("assimp  running "))
                #expect(try await tools(folder, "pause", "assimp").output.hasPrefix("assimp  paused since 2"))
                #expect(try await tools(folder).output.contains("paused since"))
                #expect(try await tools(folder, "resume", "assimp").output.hasPrefix("assimp  running "))
                #expect(try await tools(folder, "pause", "hammer").exitCode == 64)
            }
        }
    }

    @Test func `where no server runs, it says so`() async throws {
        try await withTemporaryFolder { folder in
            let exitCode = try await tools(folder).exitCode
            #expect(exitCode == 69)
        }
    }

    @Test func `a tool to pause must be named`() async throws {
        try await withTemporaryFolder { folder in
            let exitCode = try await tools(folder, "pause").exitCode
            #expect(exitCode == 64)
        }
    }

    private func tools(_ folder: FilePath, _ words: String...) async throws -> (exitCode: Int32, output: String) {
        try await KilnCommand.run(["tools"] + words, in: folder, ["DATA_DIR": folder.appending("data").string])
    }
}
