import Foundation
import Glibc
import HTTPTypes
import SystemPackage
import TestSupport
import Testing

@testable import App

/// Databases that were damaged behind the server's back. It refuses them with an exit and a reason, or serves what it
/// can read; it never dies of them, and never begins anew as if nothing had been there.
@Suite(
    .enabled(if: KilnProcess.isBuilt, KilnProcess.notBuilt), .enabled(if: Installed.sandbox, Installed.noSandbox),
    .timeLimit(.minutes(isSoak ? 600 : 10)))
struct CorruptionTests {
    @Test func `bits that flip in the database or its WAL are refused, or answered, but never crash the server`()
        async throws
    {
        try await withTemporaryFolder { folder in
            try await leaveJobs(in: folder)
            var random = SeededRandom(seed: 5)
            for round in 1...(isSoak ? 500 : 12) {
                let file = round % 3 == 0 ? "kiln.db-wal" : "kiln.db"
                try await damaged(file, of: folder, "bits of \(file) in round \(round)") { bytes in
                    for _ in 0..<(1 + round % 4) {
                        bytes[Int(random.next(upperBound: UInt(bytes.count)))] ^= 1 << UInt8(random.next() & 7)
                    }
                }
            }
        }
    }

    @Test(arguments: ["kiln.db", "kiln.db-wal"], [0, 100, 4096, 50_000])
    func `a file that was cut short is refused, or answered, but never crashes the server`(
        file: String, size: Int
    ) async throws {
        try await withTemporaryFolder { folder in
            try await leaveJobs(in: folder)
            try await damaged(file, of: folder, "\(file) cut to \(size)") { $0 = $0.prefix(size) }
        }
    }

    /// Some jobs that have ended, in the database; some more in its WAL, after a kill.
    private func leaveJobs(in folder: FilePath) async throws {
        for isLast in [false, true] {
            try await KilnProcess.serve(in: folder, copier(in: folder)) { process in
                let kiln = try await process.listening()
                for _ in 0..<6 { _ = try await kiln.ended(kiln.accepted()) }
                process.signal(isLast ? SIGKILL : SIGTERM)
                _ = try await process.end()
            }
        }
        // It cannot be copied, and the next life makes its own.
        unlink(folder.appending("data/kiln.sock").string)
    }

    private func damaged(
        _ file: String, of folder: FilePath, _ what: String, _ damage: (inout Data) -> Void
    ) async throws {
        try await withTemporaryFolder { copy in
            try FileManager.default.copyItem(
                atPath: folder.appending("data").string, toPath: copy.appending("data").string)
            let url = URL(filePath: copy.appending("data/\(file)").string)
            var bytes = try Data(contentsOf: url)
            damage(&bytes)
            try bytes.write(to: url)
            try await KilnProcess.serve(in: copy, copier(in: copy)) { try await examine($0, what) }
        }
    }

    private func examine(_ process: KilnProcess, _ what: String) async throws {
        try await eventually { try process.hasEnded || process.log.contains("listens on http") }
        if !process.hasEnded {
            let kiln = try await process.listening()
            let history = try await kiln.get("/api/jobs?pageSize=100")
            if history.status == .ok {
                let jobs = try history.json.items.elements
                #expect(!jobs.isEmpty, "\(what): began anew")
                for job in jobs {
                    for part in ["", "/result", "/events"] {
                        _ = try await kiln.get("/api/jobs/\(job.id.string ?? "")\(part)")
                    }
                }
            }
            _ = try await kiln.upload(to: "obj")
            _ = try await kiln.get("/ready")
            process.signal(SIGTERM)
        }
        let (end, log) = (try await process.end(), try process.log)
        #expect(end == 0 || end == 1, "\(what): \(end) \(log.suffix(2000))")
        #expect(!log.isEmpty)
    }
}
