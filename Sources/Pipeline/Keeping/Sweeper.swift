import Persistence
import Synchronization
import SystemPackage

/// Goes through the folders, one after the other, and through the rows of blobs, a slice at a time, for bytes that nothing
/// leads to any more: what a crash left between a file and its row.
final class Sweeper: Sendable {
    private let store: Store
    private let place = Mutex(Place())

    private struct Place {
        var shard = 0
        var blob: BlobKey?
    }

    /// How old the row of a blob must be that nothing names, in case somebody is about to.
    private static let grace = Duration.seconds(3600)
    /// How many files are asked about at once.
    private static let pageSize = 500

    init(_ store: Store) {
        self.store = store
    }

    /// The next folder, and the next slice of rows. In 256 steps it has been everywhere.
    ///
    /// - Parameter now: the time, if it is believed; what goes by age is left alone otherwise.
    func step(_ now: Instant?) async throws {
        let shard = place.withLock { place in
            defer { place.shard = (place.shard + 1) % BlobStore.shards }
            return place.shard
        }
        try await sweepFolder(shard)
        try await sweepStaging()
        if let now { try await sweepRows(now) }
    }

    func sweepFolder(_ shard: Int) async throws {
        var keys = try await store.blobs.keys(inShard: shard)[...]
        while !keys.isEmpty {
            for orphan in try await store.jobs.orphans(among: Array(keys.prefix(Self.pageSize))) {
                try await store.blobs.discard(orphan)
            }
            keys = keys.dropFirst(Self.pageSize)
        }
    }

    /// Files of uploads that have ended, however they did.
    private func sweepStaging() async throws {
        let staged = try await store.blobs.staged()
        let gone = Set(try await store.jobs.notUploading(among: staged.map(\.job)))
        for (job, file) in staged where gone.contains(job) {
            try await store.blobs.perform { try Directory.remove(file) }
        }
    }

    private func sweepRows(_ now: Instant) async throws {
        let (unnamed, next) = try await store.jobs.dropLooseBlobs(
            madeBefore: now - Self.grace, after: place.withLock { $0.blob }, limit: Self.pageSize)
        for blob in unnamed { try await store.blobs.discard(blob.key) }
        place.withLock { $0.blob = next }
    }
}
