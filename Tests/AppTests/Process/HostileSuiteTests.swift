import Foundation
import Testing

@testable import App

/// The choice of hostile inputs that is sent to a server in every run of the tests; `make hostile` sends them all.
@Suite(.timeLimit(.minutes(10)))
struct HostileSuiteTests {
    @Test(
        .enabled(if: KilnProcess.isBuilt, KilnProcess.notBuilt),
        .enabled(if: Installed.assimp, Installed.noAssimp), .enabled(if: Installed.python, "Python is not installed"))
    func `a hostile file costs nothing but its own job`() async throws {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let arguments = [
            tests.appending(path: "Hostile/run.py").path, "--quick", "--tools", "assimp,openscad", "--kiln",
            KilnProcess.program ?? "",
        ]
        let said = try await Program.run("python3", arguments)
        #expect(said.output.hasSuffix("\nAll is as it should be.\n"), "\(said.output)\(said.error)")
    }
}
