import Crypto
import Foundation
import HTTPTypes
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import App

/// A server that is killed again and again while clients upload, and the ledger of what it has acknowledged.
struct KillStorm {
    private static let clients = 4

    private let folder: FilePath
    private let settings: [String: String]
    private let target: String
    private let ledger = Ledger()

    /// What was acknowledged, by the job's id: the hash of what was sent.
    private final class Ledger: Sendable {
        private let entries = Mutex<[String: String]>([:])

        var all: [String: String] { entries.withLock { $0 } }
        func note(_ job: String, _ source: [UInt8]) { entries.withLock { $0[job] = sha256(source) } }
    }

    /// With Assimp where it is installed, else with a tool that copies.
    init(in folder: FilePath, _ conditions: [String: String] = [:]) throws {
        self.folder = folder
        let copier = FakeTool("assimp", does: FakeBehaviour("source=$2 result=$3").then(.copies))
        let tool = Installed.assimp ? [:] : ["ASSIMP_PATH": try copier.install(in: folder).string]
        // Of what is sent, half is kept in the database, half in files.
        settings = tool.merging(["DB_FILE_SIZE": "1KiB"]) { $1 }.merging(conditions) { $1 }
        target = Installed.assimp ? "stl" : "obj"
    }

    /// How a life of the server ends, and what clients do meanwhile.
    struct Fate {
        /// Before it listens.
        let isEarly: Bool
        /// After so many acknowledgements, and then a moment.
        let acknowledged: Int
        let moment: Duration
        let seeds: [UInt64]

        init(_ random: inout SeededRandom) {
            isEarly = random.next(upperBound: 5 as UInt) == 0
            acknowledged = 1 + Int(random.next(upperBound: 12 as UInt))
            moment = .milliseconds(Int(random.next(upperBound: (isEarly ? 400 : 60) as UInt)))
            seeds = (0..<KillStorm.clients).map { _ in random.next() }
        }
    }

    /// One life of the server.
    func live(_ fate: Fate) async throws {
        let before = ledger.all
        try await KilnProcess.serve(in: folder, settings) { process in
            guard !fate.isEarly else { return try await Task.sleep(for: fate.moment) }
            let kiln = try await process.listening()
            try await expectKept(before, by: kiln)
            try await withThrowingTaskGroup(of: Void.self) { clients in
                for seed in fate.seeds { clients.addTask { await upload(to: kiln, SeededRandom(seed: seed)) } }
                try await eventually { ledger.all.count >= before.count + fate.acknowledged }
                // A random moment is the storm itself, not a wait for something.
                try await Task.sleep(for: fate.moment)
                process.signal(SIGKILL)
            }
        }
    }

    /// Uploads until the server is gone; half of the time it waits for the job to end.
    private func upload(to kiln: KilnProcess.Address, _ random: SeededRandom) async {
        var random = random
        do {
            while true {
                let file = Samples.obj(triangles: 2 + Int(random.next(upperBound: 60 as UInt)))
                let answer = try await kiln.upload(file, to: target)
                #expect(answer.status == .accepted, "\(answer.text)")
                guard let job = try answer.json.id.string else { return }
                ledger.note(job, file)
                guard random.next() % 2 == 0 else { continue }
                #expect(try await kiln.get("/api/jobs/\(job)?wait=5").status == .ok)
            }
        } catch {
            // Killed in the middle of a request: what was not acknowledged does not count.
        }
    }

    private func expectKept(_ jobs: [String: String], by kiln: KilnProcess.Address) async throws {
        for job in jobs.keys.sorted().suffix(30) {
            #expect(try await kiln.get("/api/jobs/\(job)").status == .ok, "\(job) was acknowledged and is lost")
        }
    }
}

/// What must hold when the storm is over.
extension KillStorm {
    /// The last life: everything that was acknowledged has come to its end. Then a polite stop.
    func settle() async throws {
        var suspected = 0
        try await KilnProcess.serve(in: folder, settings) { process in
            let kiln = try await process.listening()
            for (job, source) in ledger.all {
                let end = try await kiln.ended(job)
                if end.failure.code.string == "interrupted" {
                    suspected += 1
                } else {
                    try await expectSucceeded(end, source, by: kiln)
                }
            }
            process.signal(SIGTERM)
            #expect(try await process.end() == 0)
        }
        // Three crashes during the same step end a job, which a storm may well bring about; but not often.
        #expect(suspected <= 2 + ledger.all.count / 10, "\(suspected) of \(ledger.all.count)")
        #expect(Processes.mentioning(folder.string) == [])
    }

    private func expectSucceeded(_ job: JSON, _ source: String, by kiln: KilnProcess.Address) async throws {
        let id = job.id.string ?? ""
        #expect(job.status.string == "succeeded", "\(job)")
        #expect(job.source.sha256.string == source)
        #expect(sha256(try await kiln.get("/api/jobs/\(id)/result").body) == job.result.sha256.string)
        let events = try await kiln.get("/api/jobs/\(id)/events").json.items.elements
        #expect(events.filter { $0.to.string == "succeeded" }.count == 1)
    }
}

private func sha256(_ bytes: [UInt8]) -> String {
    SHA256.hash(data: bytes).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
