import Foundation
import HTTPTypes
import SystemPackage
import TestSupport
import Testing

@testable import App

/// Power that goes while clients upload: what no sync has made durable is gone, of the database and of files alike.
@Suite(
    .enabled(if: KilnProcess.isBuilt, KilnProcess.notBuilt), .enabled(if: Installed.sandbox, Installed.noSandbox),
    .enabled(if: Installed.compiler, Installed.noCompiler), .timeLimit(.minutes(isSoak ? 600 : 10)))
struct PowerLossTests {
    @Test func `however often the power goes, what was acknowledged comes to its end, once and whole`() async throws {
        try await withTemporaryFolder { folder in
            let disk = try await FaultyDisk(in: folder, keepsShadow: true)
            let storm = try KillStorm(in: folder, disk.settings)
            var random = SeededRandom(seed: 11)
            for _ in 1...(isSoak ? 300 : 8) {
                try await storm.live(KillStorm.Fate(&random))
                try disk.cutPower()
            }
            try await storm.settle()
            try await Tidiness(of: folder).expect()
        }
    }

    @Test func `a folder that is not synced after a rename would be noticed`() async throws {
        try await withTemporaryFolder { folder in
            let disk = try await FaultyDisk(in: folder, keepsShadow: true)
            let settings = try copier(in: folder).merging(disk.settings) { $1 }.merging(["DB_FILE_SIZE": "0"]) { $1 }
            let lost = try await KilnProcess.serve(in: folder, settings) { process in
                let kiln = try await process.listening()
                let kept = try await kiln.accepted()
                #expect(try await kiln.ended(kept).status.string == "succeeded")
                try disk.set(.forgetsFolders, to: 1)
                let lost = try await kiln.accepted()
                #expect(try await kiln.ended(lost).status.string == "succeeded")
                return (kept, lost)
            }
            try disk.cutPower()
            try await KilnProcess.serve(in: folder, copier(in: folder)) { process in
                let kiln = try await process.listening()
                #expect(try await kiln.get("/api/jobs/\(lost.0)/result").status == .ok)
                #expect(try await kiln.get("/api/jobs/\(lost.1)").json.status.string == "succeeded")
                #expect(try await kiln.get("/api/jobs/\(lost.1)/result").status != .ok)
            }
        }
    }
}
