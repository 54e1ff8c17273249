import Foundation
import HTTPTypes
import SystemPackage
import TestSupport
import Testing

@testable import App

/// A data folder that can only be read, as after a file system was mounted wrongly.
@Suite(
    .enabled(if: KilnProcess.isBuilt, KilnProcess.notBuilt),
    .enabled(if: SmallDisk.isPossible, "file systems cannot be mounted here"), .timeLimit(.minutes(5)))
struct ReadOnlyFolderTests {
    @Test func `a server does not start on it, says why, and serves from it once it can be written`() async throws {
        try await withTemporaryFolder { folder in
            let data = folder.appending("data")
            let job = try await withStore(in: data) { try await $0.enqueueSample() }
            let before = try contents(of: data)
            try await KilnProcess.serve(in: folder, by: SmallDisk.readOnly(data)) { process in
                let exitCode = try await process.end()
                let log = try process.log
                #expect(exitCode == 1)
                #expect(log.contains("\(data)") && log.contains("Read-only file system") && log.contains("DATA_DIR"))
            }
            #expect(try contents(of: data) == before)

            try await KilnProcess.serve(in: folder, copier(in: folder)) { process in
                let kiln = try await process.listening()
                let found = try await kiln.get("/api/jobs/\(job)")
                #expect(found.status == .ok)
            }
        }
    }

    /// The bytes of all files, by their paths.
    private func contents(of data: FilePath) throws -> [String: Data] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: data.string)
        return names.reduce(into: [:]) { $0[$1] = FileManager.default.contents(atPath: data.string + "/" + $1) }
    }
}
