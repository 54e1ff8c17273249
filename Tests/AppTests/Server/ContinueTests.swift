import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import App

@Suite(
    .enabled(if: Installed.curl, Installed.noCurl), .enabled(if: Installed.sandbox, Installed.noSandbox),
    .timeLimit(.minutes(5)))
struct ContinueTests {
    /// What curl writes when it talks to the server at length: the answer, and what went over the wire.
    private func curl(_ arguments: [String]) async throws -> (answer: String, wire: String) {
        try await blocking {
            let process = Process()
            let (output, wire) = (Pipe(), Pipe())
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = ["curl", "--silent", "--verbose", "--max-time", "60"] + arguments
            process.standardOutput = output
            process.standardError = wire
            try process.run()
            // Little enough to fit into the pipes.
            process.waitUntilExit()
            return (text(of: output), text(of: wire))
        }
    }

    @Test func `curl is told to go on, and its form is accepted`() async throws {
        try await withTemporaryFolder { folder in
            let file = folder.appending("box.obj").string
            try Data(Samples.obj()).write(to: URL(filePath: file))
            try await KilnServer.run(.copies) { kiln in
                let (answer, wire) = try await curl([
                    "-H", "Expect: 100-continue", "--expect100-timeout", "50", "-F", "file=@\(file)", "-F",
                    "format=obj",
                    "http://127.0.0.1:\(kiln.live.port)/api/convert",
                ])
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
                let (answer, wire) = try await curl([
                    "-H", "Expect: 100-continue", "--expect100-timeout", "50", "-F", "file=@\(file)", "-F",
                    "format=obj",
                    "http://127.0.0.1:\(kiln.live.port)/api/convert",
                ])
                #expect(wire.contains("< HTTP/1.1 413 ") && !wire.contains("100 Continue"))
                #expect(try JSON(Array(answer.utf8)).code.string == "tooLarge")
            }
        }
    }
}

private func text(of pipe: Pipe) -> String {
    String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
}
