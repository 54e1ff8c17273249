import Foundation
import HTTPTypes
import SystemPackage
import TestSupport
import Testing

@testable import App

/// A disk that answers with I/O errors under a real server.
@Suite(
    .enabled(if: KilnProcess.isBuilt, KilnProcess.notBuilt), .enabled(if: Installed.sandbox, Installed.noSandbox),
    .enabled(if: Installed.compiler, Installed.noCompiler), .timeLimit(.minutes(5)))
struct DiskFaultTests {
    @Test(arguments: [FaultyDisk.Field.databaseSync, .databaseWrite, .fileSync, .fileWrite])
    func `after an I/O error nothing is acknowledged, nothing is synced again, and all that was is there`(
        fault: FaultyDisk.Field
    ) async throws {
        try await withTemporaryFolder { folder in
            let disk = try await FaultyDisk(in: folder)
            // Whatever is small has a file of its own.
            let settings = try copier(in: folder).merging(disk.settings) { $1 }.merging(["DB_FILE_SIZE": "0"]) { $1 }
            let job = try await KilnProcess.serve(in: folder, settings) { process in
                let kiln = try await process.listening()
                let job = try await kiln.accepted()
                #expect(try await kiln.ended(job).status.string == "succeeded")
                #expect(try await kiln.get("/ready").status == .ok)

                try disk.set(fault, to: EIO)
                try await expectRefused(by: kiln)
                // The disk says that all is well again, as it does after a failed sync. It is not believed.
                try disk.set(fault, to: 0)
                try await expectRefused(by: kiln)
                #expect(try await kiln.get("/live").status == .ok)
                #expect(try await kiln.get("/api/jobs/\(job)/result").status == .ok)
                #expect(try process.log.contains("the disk has failed"))

                process.signal(SIGTERM)
                #expect(try await process.end() == 0)
                #expect(try disk.value(of: .syncsAfterFailure) == 0)
                return job
            }
            try await KilnProcess.serve(in: folder, copier(in: folder)) { process in
                let kiln = try await process.listening()
                #expect(try await kiln.get("/ready").status == .ok)
                #expect(try await kiln.get("/api/jobs/\(job)/result").status == .ok)
                #expect(try await kiln.ended(kiln.accepted()).status.string == "succeeded")
                process.signal(SIGTERM)
                #expect(try await process.end() == 0)
            }
            try await Tidiness(of: folder).expect()
        }
    }

    /// What was written and only not synced may be found by the next start, and is as good as any.
    @Test(arguments: [
        (FaultyDisk.Field.databaseWrite, [["interrupted", "succeeded"]]),
        (.databaseSync, [["succeeded"], ["interrupted", "succeeded"]]),
    ])
    func `a job that runs when the disk fails has one outcome in the life of the next server`(
        fault: FaultyDisk.Field, outcomes: [[String]]
    ) async throws {
        try await withTemporaryFolder { folder in
            let disk = try await FaultyDisk(in: folder)
            let settings = try install(.waits.then(.copies), in: folder).merging(disk.settings) { $1 }
            let job = try await KilnProcess.serve(in: folder, settings) { process in
                let kiln = try await process.listening()
                let job = try await runningJob(of: kiln, in: folder)
                try disk.set(fault, to: EIO)
                try letGo(job, in: folder)
                try await eventually { try await kiln.get("/ready").status == .serviceUnavailable }
                #expect(try await kiln.get("/api/jobs/\(job)").json.status.string == "running")
                process.signal(SIGTERM)
                #expect(try await process.end() == 0)
                return job
            }
            try await KilnProcess.serve(in: folder, copier(in: folder)) { process in
                let end = try await process.listening().ended(job)
                #expect(end.status.string == "succeeded")
                #expect(outcomes.contains(end.attempts.elements.compactMap(\.outcome.string)), "\(end)")
            }
        }
    }

    @Test func `a result that a full disk keeps out of the database is recorded when there is room again`() async throws
    {
        try await withTemporaryFolder { folder in
            let disk = try await FaultyDisk(in: folder)
            let settings = try install(.waits.then(.copies), in: folder).merging(disk.settings) { $1 }
            try await KilnProcess.serve(in: folder, settings) { process in
                let kiln = try await process.listening()
                let job = try await runningJob(of: kiln, in: folder)
                try disk.set(.databaseWrite, to: ENOSPC)
                try letGo(job, in: folder)
                try await eventually { try process.log.contains("finish, for now") }
                try disk.set(.databaseWrite, to: 0)
                let end = try await kiln.ended(job)
                #expect(end.status.string == "succeeded")
                #expect(end.attempts.elements.map(\.outcome.string) == ["succeeded"])
            }
        }
    }

    private func expectRefused(by kiln: KilnProcess.Address) async throws {
        let answer = try await kiln.upload(to: "obj")
        #expect(answer.status == .serviceUnavailable, "\(answer.text)")
        #expect(try answer.json.code.string == "storageFailed")
        let ready = try await kiln.get("/ready")
        #expect(ready.status == .serviceUnavailable)
        #expect(try ready.json.checks.storage.status.string == "failed")
    }

    private func runningJob(of kiln: KilnProcess.Address, in folder: FilePath) async throws -> String {
        let job = try await kiln.accepted()
        let started = folder.appending("data/work/\(job).1/tmp/started").string
        try await eventually { FileManager.default.fileExists(atPath: started) }
        return job
    }

    private func letGo(_ job: String, in folder: FilePath) throws {
        try Data().write(to: URL(filePath: folder.appending("data/work/\(job).1/tmp/leave").string))
    }
}

/// A tool in the place of Assimp, whose arguments are `export SOURCE RESULT ...`.
func install(_ behaviour: FakeBehaviour, in folder: FilePath) throws -> [String: String] {
    let tool = FakeTool("assimp", does: FakeBehaviour("source=$2 result=$3").then(behaviour))
    return ["ASSIMP_PATH": try tool.install(in: folder).string]
}

func copier(in folder: FilePath) throws -> [String: String] { try install(.copies, in: folder) }
