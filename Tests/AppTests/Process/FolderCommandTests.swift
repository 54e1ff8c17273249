import Foundation
import Persistence
import SystemPackage
import TestSupport
import Testing

@testable import App

/// `kiln backup`, `restore`, `verify` and `audit`, as an operator types them.
@Suite(.enabled(if: KilnProcess.isBuilt, KilnProcess.notBuilt), .timeLimit(.minutes(5)))
struct FolderCommandTests {
    @Test func `a running server is backed up, and the backup comes back`() async throws {
        try await withTemporaryFolder { folder in
            try await KilnProcess.serve(in: folder) { kiln in
                let address = try await kiln.listening()
                // Refused for want of a tool or not: the row and its events are there.
                _ = try await address.upload(to: "glb")
                let backup = try await self.kiln(folder, "backup", "to")
                #expect(backup.exitCode == 0 && backup.output.contains("files and the database"))
                #expect(try await self.kiln(folder, "verify").exitCode == 0)
                #expect(try await self.kiln(folder, "audit", "verify").output.hasPrefix("ok, "))
                let socket = LocalSocket(in: folder.appending("data"))
                let last = try await blocking { try JSON(socket.ask("GET", "/api/backups").body).last }
                #expect(last.startedAt.string?.hasSuffix("Z") == true && last.damaged.int == 0)
            }
            let restored = try await kiln(folder, "restore", "to", data: "other")
            #expect(restored.exitCode == 0 && restored.output.hasPrefix("As of 2"))
            #expect(try await kiln(folder, "restore", "to", data: "other").exitCode == 73)
            #expect(try await kiln(folder, "verify", data: "other").exitCode == 0)
            try await KilnProcess.serve(in: folder, ["DATA_DIR": folder.appending("other").string]) { kiln in
                let job = try await kiln.listening().newest()
                #expect(job.id.string != nil)
            }
        }
    }

    @Test func `the trail of a stopped server is exported as lines of JSON and as a table`() async throws {
        try await withTemporaryFolder { folder in
            try await withStore(in: folder.appending("data")) { _ = try await $0.enqueueSample() }
            let lines = try await kiln(folder, "audit", "export").output.split(separator: "\n")
            #expect(lines.count == 2)
            #expect(try JSON(Array(lines[1].utf8)).to.string == "pending")
            let table = try await kiln(folder, "audit", "export", "--format", "csv", "--from", "2026-06-15").output
            #expect(table.split(separator: "\r\n").count == 3)
            #expect(try await kiln(folder, "audit", "export", "--to", "2026-06-15").output.isEmpty)
            #expect(try await kiln(folder, "audit", "export", "--to", "noon").exitCode == 64)
        }
    }

    @Test func `a broken chain is exit code 1, and what is damaged is told`() async throws {
        try await withTemporaryFolder { folder in
            let data = folder.appending("data")
            let job = try await withStore(in: data) { store in
                try await store.audit.seal()
                return try await store.enqueueSample()
            }
            let script =
                "import sqlite3;c=sqlite3.connect('\(data)/kiln.db');"
                + "c.execute('DROP TRIGGER eventPruned');c.execute('DELETE FROM event WHERE id = 1');c.commit()"
            _ = try await Program.run("python3", ["-c", script])
            let verified = try await kiln(folder, "audit", "verify")
            #expect(verified.exitCode == 1 && verified.output.contains("event 1 "))
            try FileManager.default.removeItem(
                atPath: data.appending("blobs/\(job.rawValue.suffix(2))/\(job).source").string)
            let inspected = try await kiln(folder, "verify")
            #expect(inspected.exitCode == 1 && inspected.output.contains("\(job).source is missing, of job \(job)"))
        }
    }

    @Test func `where there is nothing, commands say so`() async throws {
        try await withTemporaryFolder { folder in
            for line in ["backup to", "verify", "audit verify", "audit export", "restore to"] {
                let words = line.split(separator: " ").map(String.init)
                let exitCode = try await kiln(folder, words).exitCode
                #expect(exitCode == 66, "\(line)")
            }
        }
    }

    @Test func `a server does not start on a folder that has lost its database`() async throws {
        try await withTemporaryFolder { folder in
            let data = folder.appending("data")
            try await withStore(in: data) { _ = try await $0.enqueueSample() }
            try FileManager.default.removeItem(atPath: data.appending("kiln.db").string)
            try await KilnProcess.serve(in: folder) { kiln in
                let exitCode = try await kiln.end()
                #expect(exitCode == 1)
                #expect(try kiln.log.contains("kiln restore"))
            }
        }
    }

    @Test func `a database that cannot even be opened is found damaged by verify, which sends nobody back to itself`()
        async throws
    {
        try await withTemporaryFolder { folder in
            let data = folder.appending("data")
            try await withStore(in: data) { _ = try await $0.enqueueSample() }
            let database = URL(filePath: data.appending("kiln.db").string)
            let size = try Data(contentsOf: database).count
            try Data(repeating: 0xA5, count: size).write(to: database)

            let found = try await kiln(folder, "verify")
            #expect(found.exitCode == 1)
            #expect(found.output.contains("database  its head is not that of a database"))
            #expect(found.output.contains("kiln restore") && !found.output.contains("kiln verify"))
            #expect(try Data(contentsOf: database) == Data(repeating: 0xA5, count: size))
        }
    }

    private func kiln(
        _ folder: FilePath, _ words: String..., data: String = "data"
    ) async throws -> (exitCode: Int32, output: String) {
        try await kiln(folder, words, data: data)
    }

    private func kiln(
        _ folder: FilePath, _ words: [String], data: String = "data"
    ) async throws -> (exitCode: Int32, output: String) {
        try await KilnCommand.run(words, in: folder, ["DATA_DIR": folder.appending(data).string])
    }
}
