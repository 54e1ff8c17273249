import SystemPackage
import TestSupport
import Testing

@testable import Persistence

/// Bytes that a crash left between a file and its row.
struct OrphanTests {
    @Test func `a file is an orphan when no row names it and its job is not under way`() async throws {
        try await withTemporaryStore { store in
            let ended = try await store.sample(in: .succeeded)
            let running = try await store.sample(in: .running)
            let uploading = try await store.sample(in: .uploading)
            let keys: [BlobKey] = [
                .source(of: ended), .output(of: ended, attempt: 1), .output(of: ended, attempt: 2),
                .output(of: running, attempt: 1), .source(of: uploading), .source(of: Job.ID()),
            ]
            let orphans = try await store.jobs.orphans(among: keys)
            #expect(orphans == [keys[2], keys[5]])
            #expect(try await store.jobs.orphans(among: []) == [])
        }
    }

    @Test func `the files of a folder are listed by key, half-written ones too, strangers not`() async throws {
        try await withTemporaryStore { store in
            let id = try await store.sample(in: .succeeded)
            let key = BlobKey.output(of: id, attempt: 1)
            try store.folder.makeShard(of: .log(of: id, attempt: 7))
            try write("half", to: store.blobs.path(ofUnfinished: .log(of: id, attempt: 7)))
            try write("theirs", to: store.blobs.path(of: key).removingLastComponent().appending("notes.txt"))
            let shard = try #require(Int(id.rawValue.suffix(2), radix: 16))

            let keys = try await store.blobs.keys(inShard: shard)

            #expect(Set(keys) == [.source(of: id), key, .log(of: id, attempt: 7)])
        }
    }

    @Test func `staged files are found by the job that they were for`() async throws {
        try await withTemporaryStore { store in
            let uploading = try await store.sample(in: .uploading)
            let failed = try await store.sample(in: .failed)
            for id in [uploading, failed] { try write("half", to: store.folder.staging.appending(id.rawValue)) }
            try write("theirs", to: store.folder.staging.appending("notes.txt"))

            let staged = try await store.blobs.staged()

            #expect(Set(staged.map(\.job)) == [uploading.rawValue, failed.rawValue])
            #expect(try await store.jobs.notUploading(among: staged.map(\.job)) == [failed.rawValue])
        }
    }

    @Test func `a blob that no artifact names is dropped once it is old enough, slice by slice`() async throws {
        try await withTemporaryStore { store in
            let kept = try await store.sample(in: .succeeded)
            let lost = try await store.sample(in: .failed)
            try await store.loseFiles(of: lost)
            func drop(_ time: Instant) async throws -> [BlobKey] {
                var (keys, place): ([BlobKey], BlobKey?) = ([], nil)
                repeat {
                    let slice = try await store.jobs.dropLooseBlobs(madeBefore: time, after: place, limit: 1)
                    keys += slice.unnamed.map(\.key)
                    place = slice.next
                } while place != nil
                return keys
            }
            #expect(try await drop(.noon) == [])
            #expect(try await drop(.noon + .seconds(1)) == [.source(of: lost)])
            #expect(try await drop(.noon + .seconds(1)) == [])
            #expect(try await store.jobs.dossier(of: kept)?.artifacts.count == 2)
        }
    }

    @Test func `looking for orphans goes by keys`() async throws {
        let plans = try await plans(after: { try await $0.sample(in: .succeeded) }) { store, id in
            _ = try await store.jobs.orphans(among: [.source(of: id)])
            _ = try await store.jobs.dropLooseBlobs(madeBefore: .noon)
        }
        #expect(plans.contains("SEARCH blob USING PRIMARY KEY (key=?)"))
        #expect(plans.contains("SEARCH blob USING PRIMARY KEY (key>?)"))
        #expect(plans.filter { $0.hasPrefix("SCAN") && !$0.contains("json_each") } == [])
    }
}
