import Foundation
import HTTPTypes
import Persistence
import SystemPackage
import TestSupport
import Testing

@testable import App

/// The server dies at each step between upload and result; the next one finds what was promised for that step.
@Suite(
    .enabled(if: KilnProcess.isBuilt, KilnProcess.notBuilt), .enabled(if: Installed.sandbox, Installed.noSandbox),
    .timeLimit(.minutes(5)))
struct FailPointTests {
    /// What a client may rely on, by how far the server had come.
    enum Promise: String {
        /// Not acknowledged: the job has failed as `uploadAborted`, nothing of its file is left.
        case aborted
        /// In the queue: it runs as if nothing had been.
        case runs
        /// It was running: that attempt is `interrupted`, and it runs again.
        case runsAgain
        /// It had ended.
        case stands
        case cancelled
    }

    static func promise(of point: FailPoint) -> Promise {
        switch point {
        case .uploadReceived, .sourceSynced, .sourceRenamed, .sourceStored, .enqueueing: .aborted
        case .enqueued, .claiming: .runs
        case .claimed, .workspaceMade, .toolEnded, .resultVerified, .outputSynced, .outputRenamed, .outputStored,
            .workspaceRemoved, .finishing, .stragglersKilled, .leftoversRemoved, .recovered:
            .runsAgain
        case .finished, .stopped: .stands
        case .cancelled: .cancelled
        }
    }

    /// In bytes, what is small enough for the database.
    @Test(
        arguments: FailPoint.allCases.map { ($0, "0") }
            + [.enqueueing, .enqueued, .claimed, .outputStored, .finishing, .finished].map { ($0, "16384") })
    func `a crash at any step ends in the state that is promised for it`(
        point: FailPoint, smallFile: String
    ) async throws {
        try await withTemporaryFolder { folder in
            try await crash(at: point, smallFile, in: folder)
            let job = try await KilnProcess.serve(in: folder, copier(in: folder)) { process in
                let kiln = try await process.listening()
                let job = try await kiln.ended(try #require(try await kiln.newest().id.string))
                try await expect(Self.promise(of: point), job, at: kiln)
                process.signal(SIGTERM)
                #expect(try await process.end() == 0)
                return job
            }
            #expect(job.id.string != nil)
            try await Tidiness(of: folder).expect()
        }
    }

    private func crash(at point: FailPoint, _ smallFile: String, in folder: FilePath) async throws {
        var settings = try copier(in: folder).merging(["DB_FILE_SIZE": smallFile]) { $1 }
        switch point {
        case .stragglersKilled, .leftoversRemoved, .recovered:
            try await crash(at: .claimed, smallFile, in: folder)
            try await live(until: point, in: folder, settings) { _ in }
        case .cancelled:
            settings.merge(try install(.hangs, in: folder)) { $1 }
            try await live(until: point, in: folder, settings) { process in
                let kiln = try await process.listening()
                let job = try await kiln.accepted()
                try await eventually { try await kiln.get("/api/jobs/\(job)").json.status.string == "running" }
                _ = try? await kiln.execute(.post, "/api/jobs/\(job)/cancel")
            }
        case .stopped:
            try await live(until: point, in: folder, settings) { process in
                let kiln = try await process.listening()
                _ = try await kiln.ended(kiln.accepted())
                process.signal(SIGTERM)
            }
        default:
            try await live(until: point, in: folder, settings) { process in
                // Perhaps there is no answer.
                _ = try? await process.listening().upload(to: "obj")
            }
        }
    }

    /// One life of the server, which ends by itself.
    private func live(
        until point: FailPoint, in folder: FilePath, _ settings: [String: String],
        _ body: (KilnProcess) async throws -> Void
    ) async throws {
        let settings = settings.merging(["KILN_FAIL_AT": point.rawValue]) { $1 }
        try await KilnProcess.serve(in: folder, settings) { process in
            try await body(process)
            #expect(try await process.end() == -SIGKILL, "\(point) was not passed")
        }
    }

    private func expect(_ promise: Promise, _ job: JSON, at kiln: KilnProcess.Address) async throws {
        let attempts = job.attempts.elements.map(\.outcome.string)
        let result = try await kiln.get("/api/jobs/\(job.id.string ?? "")/result")
        #expect((result.status == .ok) == (job.status.string == "succeeded"))
        switch promise {
        case .aborted:
            #expect(job.status.string == "failed" && job.failure.code.string == "uploadAborted" && attempts == [])
        case .runs, .stands: #expect(job.status.string == "succeeded" && attempts == ["succeeded"])
        case .runsAgain: #expect(job.status.string == "succeeded" && attempts == ["interrupted", "succeeded"])
        case .cancelled: #expect(job.status.string == "cancelled" && attempts == ["cancelled"])
        }
    }
}
