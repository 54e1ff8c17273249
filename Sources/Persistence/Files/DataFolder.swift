import Glibc
import Synchronization
package import SystemPackage

/// The folder that holds everything: the database, the blobs, uploads on their way in, and the workspaces of running tools.
///
/// All of it is on one file system, so that a finished file is renamed into place and never copied.
package final class DataFolder: Sendable {
    /// Absolute.
    package let root: FilePath
    private let lock = Mutex<CInt?>(nil)
    /// Those of `blobs` that are known to be there, durably.
    private let shards = Mutex<Set<String>>([])

    package init(_ root: FilePath) {
        self.root = root.isAbsolute ? root : Directory.current.pushing(root).lexicallyNormalized()
    }

    var database: String { root.appending("kiln.db").string }
    var wal: FilePath { FilePath(database + "-wal") }
    /// Uploads while they arrive, one file per job.
    package var staging: FilePath { root.appending("staging") }
    /// Workspaces, one folder per attempt.
    package var work: FilePath { root.appending("work") }
    /// Workspaces that were used, and may be again.
    package var spares: FilePath { root.appending("spares") }
    /// Space to give up when there is none left.
    var ballast: FilePath { root.appending("ballast") }
    var blobs: FilePath { root.appending("blobs") }
    /// Files that are not what their rows say.
    package var quarantine: FilePath { root.appending("quarantine") }

    /// Where the bytes are.
    func path(of key: BlobKey) -> FilePath {
        blobs.appending(key.shard).appending(key.rawValue)
    }

    /// Makes the folder in which the bytes will be, where it is missing, so that it is there after a power cut too; and at
    /// once the fifteen with the same first digit, for one `fsync`.
    func makeShard(of key: BlobKey) throws {
        guard !shards.withLock({ $0.contains(key.shard) }) else { return }
        let names = Set("0123456789abcdef".map { "\(key.shard.prefix(1))\($0)" }).union([key.shard])
        for name in names { try Directory.make(blobs.appending(name)) }
        try Directory.sync(blobs)
        shards.withLock { $0.formUnion(names) }
    }

    /// Whether files can be made in it now.
    package var isWritable: Bool {
        [staging, work, blobs].allSatisfy { access($0.string, W_OK | X_OK) == 0 }
    }

    /// Whether any file of a job is there.
    func holdsBlobs() throws -> Bool {
        guard access(blobs.string, F_OK) == 0 else { return false }
        return try Directory.names(in: blobs).contains { shard in
            try !Directory.names(in: blobs.appending(shard)).isEmpty
        }
    }

    /// Takes the lock alone, for those who look at a folder that no server runs on, or make one.
    func hold() throws {
        try Directory.make(root)
        try takeLock()
    }

    /// Makes the folders, readable by us alone, and takes the lock that keeps a second server out.
    func prepare() throws {
        try hold()
        try makeFolders()
    }

    func makeFolders() throws {
        for folder in [staging, work, spares, blobs] {
            try Directory.make(folder)
        }
        try Directory.sync(root)
    }

    /// The kernel drops the lock when we die, however we die. The file's text only tells people who holds it.
    private func takeLock() throws {
        let path = root.appending("lock").string
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SystemError("write to the data folder \(root), see DATA_DIR") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            var text = [UInt8](repeating: 0, count: 32)
            let count = read(descriptor, &text, text.count)
            Glibc.close(descriptor)
            let holder = String(decoding: text.prefix(max(0, count)), as: UTF8.self)
            throw DataFolderInUse(folder: root.string, processId: Int(holder.filter(\.isNumber)))
        }
        let text = Array("\(getpid())\n".utf8)
        guard ftruncate(descriptor, 0) == 0, pwrite(descriptor, text, text.count, 0) == text.count else {
            throw SystemError("write to the data folder \(root), see DATA_DIR")
        }
        lock.withLock { $0 = descriptor }
    }

    deinit {
        if let descriptor = lock.withLock({ $0 }) { Glibc.close(descriptor) }
    }
}

/// Another server holds the data folder.
package struct DataFolderInUse: Error, CustomStringConvertible {
    let folder: String
    let processId: Int?

    package var description: String {
        let holder = processId.map { " (process \($0))" } ?? ""
        return "The data folder \(folder) is in use by another kiln\(holder). "
            + "Stop that one, or choose another folder with DATA_DIR."
    }
}
