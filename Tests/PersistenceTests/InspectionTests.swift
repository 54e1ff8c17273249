import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import Persistence

/// `kiln verify` as a verb.
struct InspectionTests {
    @Test func `a folder where all is well is found sound, with a server on it and without`() async throws {
        try await withTemporaryFolder { folder in
            try await withStore(in: folder) { store in
                _ = try await store.enqueueSample()
                try await store.audit.seal()
                #expect(try await Inspection.run(on: folder).isSound)
            }
            let found = try await Inspection.run(on: folder)
            #expect(found.isSound && found.files == 1 && found.bytes == 6 && !found.isRepaired)
        }
    }

    @Test func `a changed file goes into quarantine, and its job and the trail say so`() async throws {
        try await withTemporaryFolder { folder in
            let job = try await withStore(in: folder) { try await $0.enqueueSample() }
            let key = BlobKey.source(of: job)
            try flip(1, at: 0, in: DataFolder(folder).path(of: key))

            let found = try await Inspection.run(on: folder)

            #expect(!found.isSound && found.isRepaired && found.damaged.first?.jobs == [job])
            #expect(try bytes(of: folder.appending("quarantine").appending(key.rawValue)).count == 6)
            #expect(try await Inspection.run(on: folder).isSound)
            try await withStore(in: folder) { store in
                let events = try await store.jobs.events(of: job)
                let dossier = try await store.jobs.dossier(of: job)
                #expect(events.last?.reason == "quarantined")
                #expect(dossier?.artifact(.source)?.blobKey == nil)
            }
        }
    }

    @Test func `a missing file is given up`() async throws {
        try await withTemporaryFolder { folder in
            let job = try await withStore(in: folder) { try await $0.enqueueSample() }
            unlink(DataFolder(folder).path(of: .source(of: job)).string)
            let found = try await Inspection.run(on: folder)
            #expect(found.damaged.map(\.finding) == [.missing] && found.isRepaired)
            #expect(try await Inspection.run(on: folder).isSound)
        }
    }

    @Test func `beside a running server nothing is changed`() async throws {
        try await withTemporaryFolder { folder in
            try await withStore(in: folder) { store in
                let job = try await store.enqueueSample()
                try flip(1, at: 0, in: store.blobs.path(of: .source(of: job)))
                let found = try await Inspection.run(on: folder)
                #expect(found.damaged.count == 1 && !found.isRepaired)
                #expect(try await store.jobs.dossier(of: job)?.artifact(.source)?.blobKey == .source(of: job))
            }
        }
    }

    @Test func `a folder without a database is told as that`() async throws {
        try await withTemporaryFolder { folder in
            await #expect(throws: DatabaseRefused.missing) { try await Inspection.run(on: folder) }
        }
    }
}
