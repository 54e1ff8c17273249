import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import App

@Suite(
    .enabled(if: KilnProcess.isBuilt, KilnProcess.notBuilt), .enabled(if: Installed.sandbox, Installed.noSandbox),
    .timeLimit(.minutes(5)))
struct SignalTests {
    /// Settings for a fake tool in the place of Assimp, whose arguments are `export SOURCE RESULT ...`.
    private func settings(_ behaviour: FakeBehaviour, in folder: FilePath) throws -> [String: String] {
        let tool = FakeTool("assimp", does: FakeBehaviour("source=$2 result=$3").then(behaviour))
        return ["ASSIMP_PATH": try tool.install(in: folder).string]
    }

    /// A job that is running, with its tool waiting.
    private func running(_ kiln: KilnProcess.Address, in folder: FilePath) async throws -> String {
        let job = try await kiln.accepted()
        let started = folder.appending("data/work/\(job).1/tmp/started").string
        try await eventually { FileManager.default.fileExists(atPath: started) }
        return job
    }

    /// What the next server makes of the job.
    private func next(_ job: String, in folder: FilePath) async throws -> (job: JSON, reasons: [String?]) {
        try await KilnProcess.serve(in: folder, settings(.copies, in: folder)) { process in
            let kiln = try await process.listening()
            let end = try await kiln.ended(job)
            let events = try await kiln.get("/api/jobs/\(job)/events").json
            return (end, events.items.elements.map(\.reason.string))
        }
    }

    @Test(arguments: [SIGTERM, SIGINT])
    func `asked to stop, the server lets its tools end, and exits with 0`(signal: Int32) async throws {
        try await withTemporaryFolder { folder in
            let settings = try settings(.waits.then(.copies), in: folder)
            let job = try await KilnProcess.serve(in: folder, settings) { process in
                let job = try await running(process.listening(), in: folder)
                process.signal(signal)
                try await eventually { try process.log.contains("stopping") }
                let leave = folder.appending("data/work/\(job).1/tmp/leave").string
                #expect(FileManager.default.createFile(atPath: leave, contents: nil))
                #expect(try await process.end() == 0)
                return job
            }
            let (end, _) = try await next(job, in: folder)
            #expect(end.status.string == "succeeded" && end.attempts.elements.count == 1)
        }
    }

    @Test func `a tool that does not end in time is ended, its job goes back uncharged, and the exit is 0`()
        async throws
    {
        try await withTemporaryFolder { folder in
            let settings = try settings(.isDeaf, in: folder).merging(["SHUTDOWN_TIMEOUT": "500ms"]) { $1 }
            let job = try await KilnProcess.serve(in: folder, settings) { process in
                let job = try await running(process.listening(), in: folder)
                process.signal(SIGTERM)
                #expect(try await process.end() == 0)
                #expect(Processes.mentioning(folder.string) == [])
                return job
            }
            let (end, reasons) = try await next(job, in: folder)
            #expect(end.status.string == "succeeded")
            #expect(end.attempts.elements.map(\.outcome.string) == ["interrupted", "succeeded"])
            #expect(reasons.contains("stopping") && !reasons.contains("crash"))
        }
    }

    @Test func `a second signal ends the server at once with 1, and what was acknowledged is kept`() async throws {
        try await withTemporaryFolder { folder in
            let settings = try settings(.isDeaf, in: folder).merging(["SHUTDOWN_TIMEOUT": "600s"]) { $1 }
            let job = try await KilnProcess.serve(in: folder, settings) { process in
                let job = try await running(process.listening(), in: folder)
                process.signal(SIGTERM)
                try await eventually { try process.log.contains("stopping") }
                process.signal(SIGTERM)
                #expect(try await process.end() == 1)
                return job
            }
            try await eventually { Processes.mentioning(folder.string).isEmpty }
            let (end, reasons) = try await next(job, in: folder)
            #expect(end.status.string == "succeeded" && reasons.contains("crash"))
        }
    }
}
