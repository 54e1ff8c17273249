import Crypto
import Glibc
import Synchronization
package import SystemPackage

/// A blob on its way in: bytes are gathered in memory, written and hashed in large pieces, and named by nothing yet.
///
/// One task at a time feeds it. Dropped without `commit`, it takes its file with it.
package final class StagedBlob: Sendable {
    private let path: FilePath
    private let destination: BlobStore
    private let state: Mutex<State>

    private struct State: ~Copyable {
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
        try state.withLock { state in
            if state.descriptor < 0 {
                state.descriptor = open(path.string, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
                guard state.descriptor >= 0 else { throw SystemError("stage an upload") }
            }
            try state.gathered.withUnsafeBytes { bytes in
                var written = 0
                while written < bytes.count {
                    let count = Glibc.write(
                        state.descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
                    guard count >= 0 || errno == EINTR else { throw SystemError("write a staged upload") }
                    written += max(0, count)
                }
                state.hash.update(bufferPointer: bytes)
            }
            state.gathered.removeAll(keepingCapacity: true)
        }
    }

    /// The staged file, complete, for those who look at it before it is committed.
    package func file() async throws -> FilePath {
        try await drain()
        return path
    }

    /// Makes the bytes durable under `key`: written, fsynced, renamed, the folder fsynced. Only then may a row name them.
    package func commit(as key: BlobKey) async throws -> StoredBlob {
        try await destination.pool.run {
            try self.write()
            return try self.settle(as: key)
        }
    }

    private func settle(as key: BlobKey) throws -> StoredBlob {
        try state.withLock { state in
            guard fsync(state.descriptor) == 0 else { throw SystemError("sync a staged upload") }
            try destination.place(path, as: key)
            close(state.descriptor)
            state.descriptor = -1
            return StoredBlob(key: key, size: state.size, sha256: state.hash.finalize().hexadecimal)
        }
    }

    deinit {
        let descriptor = state.withLock { $0.descriptor }
        if descriptor >= 0 {
            close(descriptor)
            unlink(path.string)
        }
    }
}
