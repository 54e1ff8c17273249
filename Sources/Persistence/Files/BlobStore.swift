import GRDB
import Glibc
package import SystemPackage

/// The bytes of all blobs: written once, named for ever, read by anybody. Small ones are in the database, beside their
/// rows, where they cost no file and no sync of their own; all others are files under `blobs/` (decision 29).
package struct BlobStore: Sendable {
    let folder: DataFolder
    let faults: DiskFaults
    let reader: Readers
    /// What has at most so many bytes is small.
    let smallSize: Int
    /// Enough threads that many uploads wait for the disk together.
    let pool = BlockingPool(threads: 32)
    /// While a backup holds it, nothing is deleted.
    package let hold = DeletionHold()

    /// A place for the bytes that a client is about to send.
    package func stage(for job: Job.ID) -> StagedBlob {
        StagedBlob(path: folder.staging.appending(job.rawValue), destination: self)
    }

    /// Takes a finished file over: hashed, made ours alone, fsynced, renamed, the folder fsynced; or read, and deleted,
    /// where it is small. Blocks.
    package func adopt(_ file: FilePath, as key: BlobKey) throws -> StoredBlob {
        try faults.guarding {
            let blob = try take(file, as: key)
            if blob.content == nil { try Directory.sync(shard(of: key)) }
            return blob
        }
    }

    /// The same for the result of an attempt together with what its tool said, at nearly the price of one. A log that is
    /// empty is left where it is, and so is one that cannot be stored: the result is not worse for it. Blocks.
    package func adopt(
        _ file: FilePath, as key: BlobKey, log: FilePath, as logKey: BlobKey
    ) throws -> (output: StoredBlob, log: StoredBlob?) {
        try faults.guarding {
            let output = try take(file, as: key)
            let kept: StoredBlob?
            do {
                kept = try take(log, as: logKey, mayBeEmpty: false)
            } catch  where !(faults.judge(error) is DiskFailed) {
                kept = nil
            }
            let stored = [output, kept].compactMap(\.self)
            if stored.contains(where: { $0.content == nil }) { try Directory.sync(shard(of: key)) }
            FailPoint.outputStored.pass()
            return (output, kept)
        }
    }

    /// Whether so many bytes are kept in the database.
    func isSmall(_ size: Int) -> Bool {
        smallSize > 0 && size <= smallSize
    }

    /// All of that but the folder's fsync: both keys of one job are in one folder.
    private func take(_ file: FilePath, as key: BlobKey, mayBeEmpty: Bool = true) throws -> StoredBlob {
        let descriptor = Glibc.open(file.string, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemError("open a result") }
        defer { close(descriptor) }
        var content: [UInt8] = []
        let (size, sha256) = try FileDescriptor(rawValue: descriptor).digest { piece in
            if isSmall(content.count + piece.count) { content.append(contentsOf: piece) }
        }
        guard size > 0 || mayBeEmpty else { throw SystemError("keep an empty file", code: ENODATA) }
        if isSmall(Int(size)) {
            // Best effort: what stays goes with its folder.
            unlink(file.string)
            return StoredBlob(key: key, size: size, sha256: sha256, content: content)
        }
        // A tool made it, with whatever rights it liked.
        guard fchmod(descriptor, 0o600) == 0, fsync(descriptor) == 0 else { throw SystemError("sync a result") }
        FailPoint.outputSynced.pass()
        try folder.makeShard(of: key)
        guard rename(file.string, path(of: key).string) == 0 else { throw SystemError("store a blob") }
        FailPoint.outputRenamed.pass()
        return StoredBlob(key: key, size: size, sha256: sha256)
    }

    /// File work on the threads of this store.
    package func perform<Value: Sendable>(
        _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await pool.run(body)
    }

    /// Opens the bytes for reading; they stay readable while the reader lives, whatever is deleted meanwhile.
    package func open(_ key: BlobKey) async throws -> BlobReader {
        if let content = try await reader.read({ try $0.content(of: key) }) { return BlobReader(content) }
        return try await pool.run { try BlobReader(path: path(of: key)) }
    }

    /// Deletes the bytes, once no backup holds them. The caller knows that no row names them. Missing ones are fine.
    package func discard(_ key: BlobKey) async throws {
        guard !hold.keeps(key) else { return }
        try await delete(key)
    }

    /// Deletes what was kept only for a backup that is over.
    package func discardHeld() async throws {
        for key in hold.freed() { try await delete(key) }
    }

    private func delete(_ key: BlobKey) async throws {
        _ = try await pool.run { try unlinkFiles(of: key) }
    }

    /// Whether there was anything.
    private func unlinkFiles(of key: BlobKey) throws -> Bool {
        var wasThere = false
        for file in [path(of: key), path(ofUnfinished: key)] {
            if unlink(file.string) == 0 {
                wasThere = true
            } else if errno != ENOENT {
                throw SystemError("delete a blob")
            }
        }
        return wasThere
    }

    /// The same for many, and what is gone stays gone: of use where no row will lead to them again.
    package func discardForGood(_ keys: [BlobKey]) async throws {
        try await pool.run {
            var shards: Set<FilePath> = []
            for key in keys where try unlinkFiles(of: key) { shards.insert(shard(of: key)) }
            try faults.guarding { try shards.forEach(Directory.sync) }
        }
    }

    /// Where the bytes are that have a file, for the converters' view of them alone.
    package func path(of key: BlobKey) -> FilePath {
        folder.path(of: key)
    }

    /// Where small bytes are until they are synced. Like the blob itself, recovery finds them by the key.
    func path(ofUnfinished key: BlobKey) -> FilePath {
        shard(of: key).appending(key.rawValue + ".part")
    }

    private func shard(of key: BlobKey) -> FilePath {
        folder.blobs.appending(key.shard)
    }

    func place(_ file: FilePath, as key: BlobKey) throws {
        try folder.makeShard(of: key)
        guard rename(file.string, path(of: key).string) == 0 else { throw SystemError("store a blob") }
        FailPoint.sourceRenamed.pass()
        try Directory.sync(shard(of: key))
    }
}
