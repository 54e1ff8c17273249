import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import Persistence

struct BackupTests {
    @Test func `a backup of a running server comes back with every job and every file`() async throws {
        try await withTemporaryFolder { folder in
            let (data, backup, other) = (folder.appending("data"), folder.appending("to"), folder.appending("other"))
            let job = try await withStore(in: data) { store in
                let claim = try await store.claimSample()
                try await store.finish(claim, as: .succeeded(try await store.output(of: claim), warnings: []))
                try await store.audit.seal()
                let report = try await back(up: data, to: backup)
                #expect(report.record.files == 2 && report.copied == 2 && report.damaged.isEmpty)
                return claim.job.id
            }

            let restored = try Restoration(of: backup, into: other).run(now: .noon)

            #expect(restored.files == 2 && restored.damaged.isEmpty)
            try await withStore(in: other) { store in
                let dossier = try #require(try await store.jobs.dossier(of: job))
                for artifact in dossier.artifacts {
                    let reader = try await store.blobs.open(try #require(artifact.blobKey))
                    #expect(reader.size == artifact.size)
                }
                #expect(dossier.job.status == .succeeded)
                #expect(try await store.audit.trail.verify().breakage == nil)
                let events = try await store.audit.trail.records(limit: 100)
                #expect(events.contains { $0.event.reason == "restored" })
            }
        }
    }

    @Test func `what is there already is not copied again, and what is gone goes`() async throws {
        try await withTemporaryFolder { folder in
            let (data, backup) = (folder.appending("data"), folder.appending("to"))
            try await withStore(in: data) { store in
                let first = try await store.enqueueSample()
                _ = try await back(up: data, to: backup)
                _ = try await store.enqueueSample()
                let second = try await back(up: data, to: backup)
                #expect(second.copied == 1 && second.record.files == 2)
                _ = try await store.jobs.cancel(first, requestId: nil)
                if case .done(let keys) = try await store.jobs.delete(first, requestId: nil) {
                    for key in keys { try await store.blobs.discard(key) }
                }
                let third = try await back(up: data, to: backup)
                #expect(third.copied == 0 && third.record.files == 1)
                let names = try Directory.names(in: backup)
                #expect(names.count { $0.hasSuffix(".db") } == 1 && names.contains("manifest.json"))
                let left = DataFolder(backup).path(of: .source(of: first)).string
                #expect(access(left, F_OK) != 0)
            }
        }
    }

    @Test func `while a backup holds them, deleted files stay, and they go when it is over`() async throws {
        try await withTemporaryStore { store in
            let job = try await store.enqueueSample()
            let key = BlobKey.source(of: job)
            let path = store.blobs.path(of: key).string
            #expect(store.blobs.hold.hold("one", for: .seconds(60)))
            try await store.blobs.discard(key)
            try await store.blobs.discardHeld()
            #expect(access(path, F_OK) == 0)
            store.blobs.hold.end("one")
            try await store.blobs.discardHeld()
            #expect(access(path, F_OK) != 0)
        }
    }

    @Test func `a backup that is not heard of any more holds nothing`() {
        let hold = DeletionHold()
        let now = ContinuousClock.now
        #expect(hold.hold("one", for: .seconds(60), now: now))
        #expect(hold.keeps(BlobKey(rawValue: "a"), now: now + .seconds(59)))
        #expect(hold.freed(now: now + .seconds(59)).isEmpty)
        #expect(!hold.keeps(BlobKey(rawValue: "b"), now: now + .seconds(60)))
        #expect(hold.freed(now: now + .seconds(60)) == [BlobKey(rawValue: "a")])
    }

    @Test func `a file that is not as its row says is left out and named, and the rest is there`() async throws {
        try await withTemporaryFolder { folder in
            let (data, backup, other) = (folder.appending("data"), folder.appending("to"), folder.appending("other"))
            try await withStore(in: data) { store in
                let bad = try await store.enqueueSample()
                _ = try await store.enqueueSample()
                try flip(2, at: 1, in: store.blobs.path(of: .source(of: bad)))
                let report = try await back(up: data, to: backup)
                #expect(report.damaged == [.source(of: bad)] && report.record.files == 1)
            }
            let restored = try Restoration(of: backup, into: other).run()
            #expect(restored.files == 1 && restored.damaged.count == 1)
            try await withStore(in: other) { store in
                let id = restored.damaged.first.flatMap { Job.ID(rawValue: String($0.rawValue.prefix(36))) }
                let job = try #require(id)
                let source = try #require(try await store.jobs.dossier(of: job)?.artifact(.source))
                #expect(source.blobKey == nil && source.sha256?.count == 64)
                #expect(try await store.jobs.events(of: job).last?.reason == "quarantined")
            }
        }
    }

    @Test func `a backup without its manifest is none, and a broken one is not brought back`() async throws {
        try await withTemporaryFolder { folder in
            let (data, backup, other) = (folder.appending("data"), folder.appending("to"), folder.appending("other"))
            try await withStore(in: data) { store in
                _ = try await store.enqueueSample()
                _ = try await back(up: data, to: backup)
            }
            let database = try #require(try Directory.names(in: backup).first { $0.hasSuffix(".db") })
            try flip(1, at: 5000, in: backup.appending(database))
            #expect(throws: BackupRefused.damagedDatabase) { try Restoration(of: backup, into: other).run() }
            unlink(backup.appending("manifest.json").string)
            #expect(throws: BackupRefused.incomplete) { try Restoration(of: backup, into: other) }
            #expect(access(other.appending("kiln.db").string, F_OK) != 0)
        }
    }

    @Test func `nothing is restored over what is there, and a restore that broke off goes on`() async throws {
        try await withTemporaryFolder { folder in
            let (data, backup, other) = (folder.appending("data"), folder.appending("to"), folder.appending("other"))
            try await withStore(in: data) { store in
                _ = try await store.enqueueSample()
                _ = try await back(up: data, to: backup)
            }
            #expect(throws: BackupRefused.notEmpty) { try Restoration(of: backup, into: data) }
            try Directory.make(other.appending("blobs"))
            #expect(throws: BackupRefused.notEmpty) { try Restoration(of: backup, into: other) }
            try write("half", to: other.appending("kiln.db.part"))
            #expect(try Restoration(of: backup, into: other).run().files == 1)
        }
    }

    @Test func `a folder with other things in it is not taken for a backup, nor one inside the data`() async throws {
        try await withTemporaryFolder { folder in
            let data = folder.appending("data")
            try Directory.make(folder.appending("to/photos"))
            try await withStore(in: data) { _ in
                await #expect(throws: BackupRefused.notABackup) { try await back(up: data, to: folder.appending("to")) }
                await #expect(throws: BackupRefused.inside) { try await back(up: data, to: data.appending("backup")) }
            }
        }
    }

    @Test func `without a server the backup is noted in the database itself`() async throws {
        try await withTemporaryFolder { folder in
            let data = folder.appending("data")
            try await withStore(in: data) { _ = try await $0.enqueueSample() }
            try await ReadingStore.look(at: data) { store in
                #expect(store.isAlone)
                let report = try Backup(of: store, to: folder.appending("to"), kiln: "test").run(now: .noon)
                try store.note(report.record)
            }
            try await withStore(in: data) { store in
                let last = try await store.backups.last()
                #expect(last?.startedAt == .noon && last?.files == 1)
            }
        }
    }

    private func back(up data: FilePath, to destination: FilePath) async throws -> Backup.Report {
        try await ReadingStore.look(at: data) { store in
            #expect(!store.isAlone)
            return try Backup(of: store, to: destination, kiln: "test").run()
        }
    }
}
