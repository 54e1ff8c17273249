import GRDB
import SystemPackage
import TestSupport
import Testing

@testable import Persistence

/// Blobs that are kept in the database instead of in files.
struct SmallFileTests {
    @Test func `a small file is in the database, and outlasts a crash`() async throws {
        try await withTemporaryFolder { folder in
            let job = try await withStore(in: folder, smallFile: 64) { try await $0.enqueueSample() }
            try await withStore(in: folder, smallFile: 64) { store in
                let text = try await text(of: .source(of: job), store)
                #expect(text == "o box\n")
                #expect(try filesIn(store).isEmpty)
            }
            // Nor does it matter what the next server takes for small.
            try await withStore(in: folder) { store in
                #expect(try await text(of: .source(of: job), store) == "o box\n")
                let claim = try #require(try await store.jobs.claim("assimp", boot: store.boot))
                #expect(claim.content == Array("o box\n".utf8))
            }
        }
    }

    @Test func `the limit is in bytes, and a larger one is a file`() async throws {
        try await withTemporaryStore(smallFile: 6) { store in
            let (small, large) = (Job.ID(), Job.ID())
            let inside = try await store.keep("123456", for: small, as: .source(of: small))
            let outside = try await store.keep("1234567", for: large, as: .source(of: large))
            #expect(inside.content?.count == 6 && outside.content == nil)
            #expect(try filesIn(store) == ["\(large).source"])
        }
    }

    @Test func `a small result is taken over with its hash, and leaves no file`() async throws {
        try await withTemporaryStore(smallFile: 64) { store in
            let claim = try await store.claimSample()
            let (file, log) = (store.folder.work.appending("out"), store.folder.work.appending("log"))
            try write("abc", to: file)
            try write(String(repeating: "x", count: 65), to: log)
            let (output, kept) = try store.blobs.adopt(
                file, as: .output(of: claim.job.id, attempt: 1), log: log, as: .log(of: claim.job.id, attempt: 1))
            #expect(output.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
            #expect(output.size == 3 && output.content != nil && kept?.content == nil)
            #expect(try Directory.names(in: store.folder.work).isEmpty)

            try await store.finish(claim, as: .succeeded(NewArtifact(role: .result, blob: output), warnings: []))
            #expect(try await text(of: output.key, store) == "abc")
            let brief = try #require(try await store.jobs.brief(of: claim.job.id, with: .result))
            #expect(brief.content?.small == Array("abc".utf8))
        }
    }

    @Test func `a reader reads at any place, and not beyond the end`() async throws {
        try await withTemporaryStore(smallFile: 64) { store in
            let job = try await store.enqueueSample()
            let reader = try await store.blobs.open(.source(of: job))
            func text(at offset: Int64) throws -> String {
                var bytes = [UInt8](repeating: 0, count: 3)
                let count = try bytes.withUnsafeMutableBytes { try reader.read(into: $0, at: offset) }
                return String(decoding: bytes[..<count], as: UTF8.self)
            }
            let read = try [0, 4, 6, 9].map { try text(at: $0) }
            #expect(read == ["o b", "x\n", "", ""])
        }
    }

    @Test func `the bytes go with the last row that names them`() async throws {
        try await withTemporaryStore(smallFile: 64) { store in
            let claim = try await store.claimSample()
            try await store.finish(claim, as: .failed(Failure(.timedOut, "It took too long.")))
            let dossier = try #require(try await store.jobs.dossier(of: claim.job.id))
            let source = try #require(dossier.artifact(.source))
            let request = RetryRequest(
                original: dossier.job, source: source, route: RouteStep.direct, tool: "assimp", requestId: nil)
            let again = try #require(try await store.jobs.retry(request))
            _ = try await store.jobs.delete(claim.job.id, requestId: nil)
            #expect(try await text(of: .source(of: claim.job.id), store) == "o box\n")

            _ = try await store.jobs.cancel(again.job.id, requestId: nil)
            _ = try await store.jobs.delete(again.job.id, requestId: nil)
            await #expect(throws: SystemError.self) { try await store.blobs.open(.source(of: claim.job.id)) }
            #expect(try await contents(store) == 0)
        }
    }

    @Test func `who wants space on the disk passes small files over`() async throws {
        try await withTemporaryStore(smallFile: 6) { store in
            let jobs = store.jobs
            for _ in 0..<3 {
                let claim = try await store.claimSample()
                try await store.finish(
                    claim, as: .succeeded(try await store.output(of: claim), warnings: []), now: .noon)
            }
            let later = Instant.noon + .seconds(60)
            #expect(try await jobs.expireSources(endedBefore: later, forSpace: true, now: later).jobs == 0)
            let first = try await jobs.expireResults(endedBefore: later, forSpace: true, limit: 2, now: later)
            #expect(first.jobs == 2 && first.next != nil)
            let rest = try await jobs.expireResults(
                endedBefore: later, after: first.next, forSpace: true, limit: 2, now: later)
            #expect(rest.jobs == 1 && rest.next == nil)
            #expect(try await jobs.expireSources(endedBefore: later, now: later).jobs == 3)
        }
    }

    @Test func `nothing is kept of an upload that was cancelled meanwhile`() async throws {
        try await withTemporaryStore(smallFile: 64) { store in
            let (job, _) = try await store.jobs.receive(.sample(), now: .noon)
            let source = try await store.keep("o box\n", for: job, as: .source(of: job))
            _ = try await store.jobs.cancel(job, requestId: nil)
            #expect(try await store.jobs.enqueue(job, .sample(source)) == nil)
            #expect(try await contents(store) == 0)
        }
    }
}

extension SmallFileTests {
    @Test func `a backup has it, and brings it back`() async throws {
        try await withTemporaryFolder { folder in
            let (data, backup, other) = (folder.appending("data"), folder.appending("to"), folder.appending("other"))
            let job = try await withStore(in: data, smallFile: 64) { try await $0.enqueueSample() }
            let report = try await back(up: data, to: backup)
            #expect(report.record.files == 0 && report.damaged.isEmpty)
            #expect(try Restoration(of: backup, into: other).run(now: .noon).damaged.isEmpty)
            try await withStore(in: other) { store in
                let text = try await text(of: .source(of: job), store)
                #expect(text == "o box\n")
            }
        }
    }

    @Test func `one that was changed on the disk is found, put into quarantine, and told by a backup`() async throws {
        try await withTemporaryFolder { folder in
            let (data, backup, other) = (folder.appending("data"), folder.appending("to"), folder.appending("other"))
            let job = try await withStore(in: data, smallFile: 64) { store in
                let job = try await store.enqueueSample()
                // As a flipped bit would, which SQLite cannot see.
                try await store.writer.submit { try $0.execute(sql: "UPDATE content SET bytes = x'6f20626f7921'") }
                return job
            }
            let key = BlobKey.source(of: job)
            #expect(try await back(up: data, to: backup).damaged == [key])
            #expect(try Restoration(of: backup, into: other).run(now: .noon).damaged == [key])
            #expect(try await Inspection.run(on: other).isSound)

            let found = try await Inspection.run(on: data)

            #expect(found.damaged.map(\.finding) == [.changed] && found.isRepaired)
            #expect(try bytes(of: data.appending("quarantine").appending(key.rawValue)) == Array("o boy!".utf8))
            #expect(try await Inspection.run(on: data).isSound)
            try await withStore(in: data) { store in
                let dossier = try await store.jobs.dossier(of: job)
                #expect(dossier?.artifact(.source)?.blobKey == nil)
                #expect(try await contents(store) == 0)
            }
        }
    }

    private func back(up data: FilePath, to destination: FilePath) async throws -> Backup.Report {
        try await ReadingStore.look(at: data) { try Backup(of: $0, to: destination, kiln: "test").run() }
    }

    private func text(of key: BlobKey, _ store: Store) async throws -> String {
        String(decoding: try await store.blobs.open(key).readAll(), as: UTF8.self)
    }

    private func contents(_ store: Store) async throws -> Int? {
        try await store.jobs.reader.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM content") }
    }

    private func filesIn(_ store: Store) throws -> [String] {
        try Directory.names(in: store.folder.blobs).flatMap { shard in
            try Directory.names(in: store.folder.blobs.appending(shard))
        }
    }
}
