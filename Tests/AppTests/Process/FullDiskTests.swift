import Foundation
import Glibc
import HTTPTypes
import SystemPackage
import TestSupport
import Testing

@testable import App

/// A data folder on a small disk of its own, a tmpfs in a namespace, that is filled while jobs run.
@Suite(
    .enabled(if: KilnProcess.isBuilt, KilnProcess.notBuilt), .enabled(if: Installed.sandbox, Installed.noSandbox),
    .enabled(if: SmallDisk.isPossible, "file systems cannot be mounted here"), .timeLimit(.minutes(5)))
struct FullDiskTests {
    @Test func `a full disk refuses uploads, loses no job, and once there is space all goes on by itself`() async throws
    {
        try await withTemporaryFolder { folder in
            let disk = try SmallDisk(in: folder)
            let settings = try install(.waits.then(.copies), in: folder).merging([
                "MAX_CONCURRENT": "2", "MAX_FILE_SIZE": "4MB", "RETRY_LIMIT": "100", "RETRY_DELAY": "200ms",
                "RETRY_DELAY_MAX": "1s",
            ]) { $1 }
            try await KilnProcess.serve(in: folder, settings, by: disk.launcher) { process in
                let kiln = try await process.listening()
                let seen = disk.seen(by: process.id)
                var jobs: [String] = []
                for _ in 0..<4 { jobs.append(try await kiln.accepted(Samples.obj(triangles: 2000))) }
                try await eventually { try started(seen).count == 2 }

                try fill(seen.appending("filler"))
                // More than the ballast leaves when it is given up.
                let refused = try await kiln.upload([UInt8](repeating: 0x23, count: 3_000_000), to: "obj")
                #expect(refused.status.code == 507, "\(refused.text)")
                // The tools end while there is no room for what they make.
                let letting = Task { try await letAllGo(seen, process) }
                try await eventually { try process.log.contains(/diskFull|disk is full|No space left/) }
                for job in jobs { #expect(try await kiln.get("/api/jobs/\(job)").status == .ok) }

                #expect(unlink(seen.appending("filler").string) == 0)
                for job in jobs { #expect(try await kiln.ended(job).status.string == "succeeded") }
                let next = try await kiln.accepted()
                #expect(try await kiln.ended(next).status.string == "succeeded")
                #expect(try await kiln.get("/ready").status == .ok)
                process.signal(SIGTERM)
                #expect(try await process.end() == 0)
                _ = await letting.result
            }
        }
    }

    /// The scratch folders of the tools that wait.
    private func started(_ data: FilePath) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: data.appending("work").string)
            .map { data.appending("work/\($0)/tmp").string }
            .filter { FileManager.default.fileExists(atPath: $0 + "/started") }
    }

    /// For as long as the server lives. An empty file has room on a full disk.
    private func letAllGo(_ data: FilePath, _ process: KilnProcess) async throws {
        try await eventually {
            for scratch in (try? started(data)) ?? [] {
                _ = FileManager.default.createFile(atPath: scratch + "/leave", contents: nil)
            }
            return process.hasEnded
        }
    }

    private func fill(_ path: FilePath) throws {
        let file = try FileDescriptor.open(path, .writeOnly, options: [.create], permissions: [.ownerReadWrite])
        for size in [1 << 20, 1 << 12, 1] {
            let piece = [UInt8](repeating: 1, count: size)
            // Until it throws: no space is left for a piece of that size.
            while (try? file.writeAll(piece)) != nil {}
        }
        try file.close()
    }
}

/// A tmpfs at `data` that only the server sees, and who looks through its eyes.
struct SmallDisk {
    private let data: FilePath

    private static let unshare = geteuid() == 0 ? ["unshare", "-m"] : ["unshare", "-Urm"]

    static let isPossible: Bool = {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = unshare + ["mount", "-t", "tmpfs", "tmpfs", "/mnt"]
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()

    init(in folder: FilePath) throws {
        data = folder.appending("data")
        try FileManager.default.createDirectory(atPath: data.string, withIntermediateDirectories: false)
    }

    /// 24 MiB: enough for the database and some jobs.
    var launcher: [String] {
        Self.unshare + [
            "sh", "-c", #"mount -t tmpfs -o size=24m,mode=700 tmpfs "$0" && exec "$@""#, data.string,
        ]
    }

    /// For a server that is to find the folder mounted for reading alone.
    static func readOnly(_ data: FilePath) -> [String] {
        let script = #"mount --bind "$0" "$0" && mount -o remount,bind,ro,nosuid,nodev "$0" && exec "$@""#
        return unshare + ["sh", "-c", script, data.string]
    }

    func seen(by process: Int32) -> FilePath {
        FilePath("/proc/\(process)/root").appending(data.string)
    }
}
