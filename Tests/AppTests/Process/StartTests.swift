import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import App

@Suite(.enabled(if: KilnProcess.isBuilt, KilnProcess.notBuilt), .timeLimit(.minutes(5)))
struct StartTests {
    @Test func `a second server on the same folder says who has it, and ends`() async throws {
        try await withTemporaryFolder { folder in
            try await KilnProcess.serve(in: folder) { first in
                _ = try await first.listening()
                try await KilnProcess.serve(in: folder) { second in
                    #expect(try await second.end() == 1)
                    let log = try second.log
                    #expect(log.contains(folder.appending("data").string) && log.contains("DATA_DIR"))
                    #expect(log.contains("(process \(first.id))"))
                }
                #expect(!first.hasEnded)
            }
        }
    }

    @Test func `all mistakes in the settings are told at once, with exit code 78`() async throws {
        try await withTemporaryFolder { folder in
            let settings = ["PORT": "99999", "MAX_FILE_SIZE": "big", "MAX_CONCURRENT_ASSIMP": "0"]
            try await KilnProcess.serve(in: folder, settings) { process in
                #expect(try await process.end() == 78)
                let log = try process.log
                for (name, value) in settings { #expect(log.contains(name) && log.contains("\"\(value)\"")) }
            }
        }
    }

    @Test func `what it writes is for its user alone`() async throws {
        try await withTemporaryFolder { folder in
            try await KilnProcess.serve(in: folder) { kiln in
                _ = try await kiln.listening()
                let status = try String(contentsOfFile: "/proc/\(kiln.id)/status", encoding: .utf8)
                #expect(status.contains("Umask:\t0077\n"))
                for name in ["data", "data/kiln.db", "data/lock", "data/blobs", "data/staging", "data/work"] {
                    let path = folder.appending(name).string
                    let attributes = try FileManager.default.attributesOfItem(atPath: path)
                    let mode = (attributes[.posixPermissions] as? NSNumber)?.intValue
                    #expect(mode.map { $0 & 0o077 } == 0, "\(name)")
                }
                #expect(try !kiln.log.contains("open to others"))
            }
        }
    }

    @Test func `a data folder that others can read is warned of`() async throws {
        try await withTemporaryFolder { folder in
            let data = folder.appending("data").string
            try FileManager.default.createDirectory(
                atPath: data, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o755])
            try await KilnProcess.serve(in: folder) { kiln in
                _ = try await kiln.listening()
                #expect(try kiln.log.contains("The data folder \(data) is open to others (mode 755)."))
            }
        }
    }

    @Test func `a port that is taken is told as that`() async throws {
        try await withTemporaryFolder { folder in
            try await KilnProcess.serve(in: folder) { first in
                let port = try await first.listening().port
                let settings = ["PORT": "\(port)", "DATA_DIR": folder.appending("other").string]
                try await KilnProcess.serve(in: folder, settings) { second in
                    #expect(try await second.end() == 1)
                    let log = try second.log
                    #expect(log.contains("Cannot listen on 127.0.0.1:\(port)") && log.contains("PORT"))
                }
            }
        }
    }

    @Test func `the line at the start says where it listens, with which tools, and within which limits`() async throws {
        try await withTemporaryFolder { folder in
            try await KilnProcess.serve(in: folder, ["ASSIMP_PATH": "/nowhere/assimp", "MAX_QUEUE": "77"]) { process in
                _ = try await process.listening()
                let line = try #require(try process.log.split(separator: "\n").first { $0.contains("listens on") })
                #expect(line.contains("assimp missing: There is no program at /nowhere/assimp."))
                #expect(line.contains("queue of 77") && line.contains(folder.appending("data").string))
            }
        }
    }
}
