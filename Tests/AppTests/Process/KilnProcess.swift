import Foundation
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import App

/// The program itself, built beside the tests, as a process of its own.
final class KilnProcess: Sendable {
    /// Nil when it was not built.
    static let program: String? = {
        guard let tests = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") else {
            return nil
        }
        let program = FilePath(tests).removingLastComponent().appending("kiln").string
        return FileManager.default.isExecutableFile(atPath: program) ? program : nil
    }()

    static let isBuilt = program != nil
    static let notBuilt: Comment = "the program is not built beside the tests"

    /// Where it listens.
    struct Address: Served {
        let port: Int
    }

    private let process = Process()
    private let logFile: String
    /// The exit code, or the signal's number below zero.
    private let ending = Mutex<Int32?>(nil)

    private init(in folder: FilePath, _ settings: [String: String], _ launcher: [String]) throws {
        logFile = folder.appending("log.\(UUID().uuidString)").string
        _ = FileManager.default.createFile(atPath: logFile, contents: nil)
        let log = try FileHandle(forWritingTo: URL(filePath: logFile))
        process.executableURL = URL(filePath: launcher.isEmpty ? Self.program ?? "" : "/usr/bin/env")
        process.arguments = launcher.isEmpty ? ["serve"] : launcher + [Self.program ?? "", "serve"]
        process.currentDirectoryURL = URL(filePath: folder.string)
        let standard = [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "PORT": "0", "DISK_RESERVE": "0",
            "DATA_DIR": folder.appending("data").string, "TOOLS": "assimp", "SELF_TEST": "off", "CACHE": "off",
        ]
        process.environment = standard.merging(settings) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = log
        process.standardError = log
        process.terminationHandler = { [self] process in
            ending.withLock {
                $0 = process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
            }
        }
        try process.run()
    }

    /// Starts `kiln serve`, and kills it when `body` has ended.
    ///
    /// - Parameters:
    ///   - folder: its working directory; its data is in `data` there.
    ///   - launcher: a command that becomes the one that follows it.
    static func serve<Value>(
        in folder: FilePath, _ settings: [String: String] = [:], by launcher: [String] = [],
        _ body: (KilnProcess) async throws -> Value
    ) async throws -> Value {
        let kiln = try KilnProcess(in: folder, settings, launcher)
        let result: Result<Value, any Error>
        do {
            result = .success(try await body(kiln))
        } catch {
            result = .failure(error)
        }
        kiln.signal(SIGKILL)
        _ = try await kiln.end()
        return try result.get()
    }

    var log: String {
        get throws { try String(contentsOfFile: logFile, encoding: .utf8) }
    }

    var id: Int32 { process.processIdentifier }

    var hasEnded: Bool { ending.withLock { $0 } != nil }

    func signal(_ number: Int32) {
        ending.withLock { if $0 == nil { kill(process.processIdentifier, number) } }
    }

    /// Waits until it says where it listens.
    func listening() async throws -> Address {
        var address: Address?
        try await eventually {
            address = try log.firstMatch(of: /listens on http:\/\/127\.0\.0\.1:(\d+)/)
                .flatMap { Int($0.output.1) }.map { Address(port: $0) }
            return address != nil || hasEnded
        }
        let said = try log
        return try #require(address, "\(said)")
    }

    /// Waits for its end: the exit code, or the signal's number below zero.
    func end() async throws -> Int32 {
        try await eventually { hasEnded }
        return ending.withLock { $0 ?? 0 }
    }
}
