import Foundation
import SystemPackage
import TestSupport
import Testing

/// What must be in a data folder whose server has stopped, and what must not.
struct Tidiness {
    private let folder: FilePath

    /// - Parameter folder: the server's working directory; its data is in `data` there.
    init(of folder: FilePath) {
        self.folder = folder
    }

    /// Nothing half done is left, and every blob has its row as every row has its blob.
    func expect() async throws {
        let data = folder.appending("data")
        for name in ["work", "staging"] {
            #expect(try FileManager.default.contentsOfDirectory(atPath: data.appending(name).string) == [])
        }
        #expect(Processes.mentioning(folder.string) == [])
        let blobs = try FileManager.default.subpathsOfDirectory(atPath: data.appending("blobs").string)
            .filter { $0.count > 3 }.map { String($0.dropFirst(3)) }
        guard Installed.python else { return }
        let rows = try await query("SELECT key FROM blob", in: data)
        // Small ones are in the database.
        let kept = blobs + (try await query("SELECT key FROM content", in: data))
        #expect(kept.sorted() == rows.sorted())
        #expect(
            Set(try await query("SELECT DISTINCT blobKey FROM artifact WHERE blobKey IS NOT NULL", in: data))
                == Set(rows))
        #expect(try await query("PRAGMA integrity_check", in: data) == ["ok"])
        #expect(try await query("PRAGMA foreign_key_check", in: data) == [])
        #expect(
            try await query("SELECT id FROM job WHERE status IN ('uploading', 'running', 'pending')", in: data) == [])
        #expect(try await query("SELECT jobId FROM attempt WHERE outcome = 'running'", in: data) == [])
    }

    /// The first column of what SQLite answers.
    private func query(_ sql: String, in data: FilePath) async throws -> [String] {
        let script = "import sqlite3,sys\nfor row in sqlite3.connect(sys.argv[1]).execute(sys.argv[2]): print(row[0])"
        let output = try await Program.run("python3", ["-c", script, data.appending("kiln.db").string, sql]).output
        return output.split(separator: "\n").map(String.init)
    }
}
