import Crypto
import Glibc
import Synchronization
package import SystemPackage

/// A blob on its way in: bytes are gathered in memory, written and hashed in large pieces, and named by nothing yet.
///
/// One task at a time feeds it. Dropped without `commit`, it takes its file with it. What is small has no file before it
/// is committed, and gets one in the folder where it stays: the many small uploads of a busy server would else wait for
/// each other at one folder.
package final class StagedBlob: Sendable {
    private let path: FilePath
    private let destination: BlobStore
    private let state: Mutex<State>

    fileprivate struct State: ~Copyable {
        var descriptor: CInt = -1
        var gathered: [UInt8] = []
        var size: Int64 = 0
        var hash = SHA256()
    }

    /// Above this much in memory it is time to `drain`.
    private static let pieceSize = 512 * 1024

    init(path: FilePath, destination: BlobStore) {
        self.path = path
        self.destination = destination
        state = Mutex(State())
    }

    /// Bytes taken so far.
    package var size: Int64 {
        state.withLock { $0.size }
    }

    /// Takes bytes into memory. Returns whether enough has gathered that `drain` should be awaited before more is taken.
    package func take(_ bytes: UnsafeRawBufferPointer) -> Bool {
        state.withLock { state in
            state.gathered.append(contentsOf: bytes)
            state.size += Int64(bytes.count)
            return state.gathered.count >= Self.pieceSize
        }
    }

    /// Writes and hashes what has gathered.
    package func drain() async throws {
        try await destination.pool.run { try self.write() }
    }

    private func write() throws {
        try destination.faults.guarding { try state.withLock { state in try state.write(to: path) } }
    }

    /// The staged file, complete, for those who look at it before it is committed.
    package func file() async throws -> FilePath {
        try await drain()
        return path
    }

    /// Makes the bytes durable under `key`: written, fsynced, renamed, the folder fsynced. Only then may a row name them.
    /// Few bytes are only hashed: they become durable with the row.
    package func commit(as key: BlobKey) async throws -> StoredBlob {
        try await commit(as: key) { _ in }.blob
    }

    /// The same after a look at the bytes, on one thread. What `examine` throws keeps them from being stored.
    package func commit<Finding: Sendable>(
        as key: BlobKey, after examine: @escaping @Sendable (StagedBytes) throws -> Finding
    ) async throws -> (finding: Finding, blob: StoredBlob) {
        try await destination.pool.run {
            let memory = self.state.withLock { $0.descriptor < 0 ? $0.gathered : nil }
            let finding = try examine(
                StagedBytes(memory: memory) {
                    try self.write()
                    return self.path
                })
            if let memory, self.destination.isSmall(memory.count) {
                let sha256 = SHA256.hash(data: memory).hexadecimal
                return (finding, StoredBlob(key: key, size: Int64(memory.count), sha256: sha256, content: memory))
            }
            return (finding, try self.destination.faults.guarding { try self.settle(as: key) })
        }
    }

    private func settle(as key: BlobKey) throws -> StoredBlob {
        try state.withLock { state in
            let isSmall = state.descriptor < 0
            let file = isSmall ? destination.path(ofUnfinished: key) : path
            do {
                if isSmall { try destination.folder.makeShard(of: key) }
                try state.write(to: file)
                guard fsync(state.descriptor) == 0 else { throw SystemError("sync a staged upload") }
                FailPoint.sourceSynced.pass()
                try destination.place(file, as: key)
            } catch {
                if isSmall { state.drop(file) }
                throw error
            }
            state.close()
            FailPoint.sourceStored.pass()
            return StoredBlob(key: key, size: state.size, sha256: state.hash.finalize().hexadecimal)
        }
    }

    deinit {
        state.withLock { state in
            if state.descriptor >= 0 { state.drop(path) }
        }
    }
}

/// The complete bytes of an upload, for those who look at them before they are kept.
package struct StagedBytes: Sendable {
    /// All of them, where they were few enough to stay in memory.
    package let memory: [UInt8]?
    private let write: @Sendable () throws -> FilePath

    package init(memory: [UInt8]? = nil, write: @escaping @Sendable () throws -> FilePath) {
        self.memory = memory
        self.write = write
    }

    /// The file that holds them; it is written first where there was none. Blocks.
    package func file() throws -> FilePath {
        try write()
    }
}

extension StagedBlob.State {
    /// Appends what has gathered to the file, and to the hash.
    fileprivate mutating func write(to path: FilePath) throws {
        if descriptor < 0 {
            descriptor = open(path.string, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { throw SystemError("stage an upload") }
        }
        try gathered.withUnsafeBytes { bytes in
            var written = 0
            while written < bytes.count {
                let count = Glibc.write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
                guard count >= 0 || errno == EINTR else { throw SystemError("write a staged upload") }
                written += max(0, count)
            }
            hash.update(bufferPointer: bytes)
        }
        gathered.removeAll(keepingCapacity: true)
    }

    fileprivate mutating func close() {
        Glibc.close(descriptor)
        descriptor = -1
    }

    fileprivate mutating func drop(_ file: FilePath) {
        guard descriptor >= 0 else { return }
        close()
        unlink(file.string)
    }
}
