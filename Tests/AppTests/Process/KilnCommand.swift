import Foundation
import SystemPackage

/// A command of the real program that ends by itself.
enum KilnCommand {
    /// Runs it in `folder` with nothing in its environment but `settings`. Returns what it says on standard output, and with
    /// `hearsComplaints` on standard error too.
    static func run(
        _ words: [String], in folder: FilePath, _ settings: [String: String], hearsComplaints: Bool = false
    ) async throws -> (exitCode: Int32, output: String) {
        try await blocking {
            let process = Process()
            let output = Pipe()
            process.executableURL = URL(filePath: KilnProcess.program ?? "")
            process.arguments = words
            process.currentDirectoryURL = URL(filePath: folder.string)
            process.environment = settings
            process.standardInput = FileHandle.nullDevice
            process.standardOutput = output
            process.standardError = hearsComplaints ? output as Any : FileHandle.nullDevice
            try process.run()
            let said = try output.fileHandleForReading.readToEnd() ?? Data()
            process.waitUntilExit()
            return (process.terminationStatus, String(decoding: said, as: UTF8.self))
        }
    }
}
