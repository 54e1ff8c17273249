import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import App

@Suite(
    .enabled(if: Installed.curl, Installed.noCurl), .enabled(if: Installed.sandbox, Installed.noSandbox),
    .timeLimit(.minutes(5)))
struct ContinueTests {
    /// The answer, and what went over the wire.
    private func curl(_ file: String, to kiln: KilnServer) async throws -> (answer: String, wire: String) {
        let (output, error) = try await Program.run(
            "curl",
            [
                "--silent", "--verbose", "--max-time", "60", "-H", "Expect: 100-continue", "--expect100-timeout", "50",
                "-F", "file=@\(file)", "-F", "format=obj", "http://127.0.0.1:\(kiln.port)/api/convert",
            ])
        return (output, error)
    }

    @Test func `curl is told to go on, and its form is accepted`() async throws {
        try await withTemporaryFolder { folder in
            let file = folder.appending("box.obj").string
            try Data(Samples.obj()).write(to: URL(filePath: file))
            try await KilnServer.run(.copies) { kiln in
                let (answer, wire) = try await curl(file, to: kiln)
                #expect(wire.contains("< HTTP/1.1 100 Continue") && wire.contains("< HTTP/1.1 202 Accepted"))
                #expect(try JSON(Array(answer.utf8)).source.filename.string == "box.obj")
            }
        }
    }

    @Test func `curl that asks first is not told to send what is too large`() async throws {
        try await withTemporaryFolder { folder in
            let file = folder.appending("box.obj").string
            try Data(count: 5_000_000).write(to: URL(filePath: file))
            try await KilnServer.run(.copies) {
                $0.maxFileSize = 1000
            } test: { kiln in
                let (answer, wire) = try await curl(file, to: kiln)
                #expect(wire.contains("< HTTP/1.1 413 ") && !wire.contains("100 Continue"))
                #expect(try JSON(Array(answer.utf8)).code.string == "tooLarge")
            }
        }
    }
}
