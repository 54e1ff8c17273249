import Foundation

/// A program of this machine that a test asks something.
enum Program {
    /// Runs it to its end. Its complaints must fit into a pipe, which is 64 KiB.
    static func run(_ name: String, _ arguments: [String]) async throws -> (output: String, error: String) {
        try await blocking {
            let process = Process()
            let (output, error) = (Pipe(), Pipe())
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = [name] + arguments
            process.standardOutput = output
            process.standardError = error
            try process.run()
            let said = output.fileHandleForReading.readDataToEndOfFile()
            let complained = error.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            return (String(decoding: said, as: UTF8.self), String(decoding: complained, as: UTF8.self))
        }
    }
}
