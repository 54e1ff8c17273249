import Foundation
import HTTPTypes
import SystemPackage
import TestSupport
import Testing

@testable import App

/// The log of the program itself.
@Suite(.enabled(if: KilnProcess.isBuilt, KilnProcess.notBuilt), .timeLimit(.minutes(5)))
struct LoggingTests {
    private static let token = "hunter2-hunter2-hunter2"

    private func lines(_ text: String) throws -> [JSON] {
        try text.split(separator: "\n").map { try JSON(Array($0.utf8)) }
    }

    private func text(_ name: String, in folder: FilePath) throws -> String {
        try String(contentsOfFile: folder.appending("logs").appending(name).string, encoding: .utf8)
    }

    @Test func `in production each line is an object with time, level, message and service`() async throws {
        try await withTemporaryFolder { folder in
            let settings = ["ENVIRONMENT": "production", "LOG_DIR": folder.appending("logs").string]
            try await KilnProcess.serve(in: folder, settings) { process in
                let kiln = try await process.listening()
                _ = try await kiln.get(
                    "/api/nothing",
                    headers: [.traceParent: "00-\(String(repeating: "ab", count: 16))-00f067aa0ba902b7-01"])
                process.signal(SIGTERM)
                #expect(try await process.end() == 0)
                let said = try lines(process.log)
                #expect(try lines(text("combined.log", in: folder)) == said)
                for line in said {
                    #expect(line.timestamp.string?.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil)
                    #expect(line.level.string != nil && line.message.string != nil && line.service.string == "kiln")
                }
                #expect(said.first?.message.string == "starting" && said.last?.message.string == "ended")
                let request = try #require(said.first { $0.message.string == "request" })
                #expect(
                    request.level.string == "warning" && request.status.int == 404
                        && request.client.string == "127.0.0.1")
                #expect(request.traceId.string == String(repeating: "ab", count: 16))
            }
        }
    }

    @Test func `no secret is in any log, answer or row`() async throws {
        try await withTemporaryFolder { folder in
            let settings = [
                "LOG_DIR": folder.appending("logs").string, "LOG_LEVEL": "trace", "ADMIN_TOKEN": Self.token,
            ]
            try await KilnProcess.serve(in: folder, settings) { process in
                let kiln = try await process.listening()
                let fields: HTTPFields = [.authorization: "Bearer \(Self.token)", .cookie: "session=\(Self.token)"]
                for path in [
                    "/api/tools?api_key=\(Self.token)", "/api/jobs/x?token=\(Self.token)",
                    "/api/convert?key=\(Self.token)",
                ] {
                    let answer = try await kiln.execute(path.contains("convert") ? .post : .get, path, headers: fields)
                    #expect(!answer.text.contains(Self.token) && !"\(answer.headers)".contains(Self.token))
                }
                process.signal(SIGTERM)
                #expect(try await process.end() == 0)
                for name in try FileManager.default.subpathsOfDirectory(atPath: folder.string) {
                    let bytes = FileManager.default.contents(atPath: folder.appending(name).string) ?? Data()
                    #expect(bytes.range(of: Data(Self.token.utf8)) == nil, "\(name)")
                }
            }
        }
    }

    @Test func `SIGHUP has the files opened anew`() async throws {
        try await withTemporaryFolder { folder in
            let logs = folder.appending("logs").string
            try await KilnProcess.serve(in: folder, ["LOG_DIR": logs]) { process in
                _ = try await process.listening()
                for name in ["combined.log", "error.log"] {
                    try FileManager.default.moveItem(atPath: "\(logs)/\(name)", toPath: "\(logs)/\(name).moved")
                }
                process.signal(SIGHUP)
                try await eventually { FileManager.default.fileExists(atPath: "\(logs)/error.log") }
                try await eventually { try text("combined.log", in: folder).contains("log files opened anew") }
                #expect(!process.hasEnded)
            }
        }
    }

    @Test func `a crash of the server is written down with where it was, and told once at the next start`() async throws
    {
        try await withTemporaryFolder { folder in
            let settings = ["LOG_DIR": folder.appending("logs").string, "SWIFT_BACKTRACE": "enable=no"]
            try await KilnProcess.serve(in: folder, settings) { process in
                _ = try await process.listening()
                process.signal(SIGSEGV)
                #expect(try await process.end() == -SIGSEGV)
                let crash = try text("crash.log", in: folder)
                #expect(crash.hasPrefix("--- crash at ") && crash.contains(": SIGSEGV, code "))
                #expect(crash.split(separator: "\n").count > 1 && crash.contains("process \(process.id), thread "))
                #expect(try process.log.contains("--- crash at "))
            }
            for isFirst in [true, false] {
                try await KilnProcess.serve(in: folder, settings) { process in
                    _ = try await process.listening()
                    let tells = try process.log.contains("CRITICAL the server crashed in an earlier run")
                    #expect(tells == isFirst)
                }
            }
            #expect(try text("error.log", in: folder).contains("SIGSEGV"))
        }
    }

    @Test func `without a place for its files the server says so and ends`() async throws {
        try await withTemporaryFolder { folder in
            try await KilnProcess.serve(in: folder, ["LOG_DIR": "/dev/null/logs"]) { process in
                let code = try await process.end()
                let log = try process.log
                #expect(code == 1 && log.contains("LOG_DIR"))
            }
        }
    }
}
