import Crypto
import Glibc
import SystemPackage

/// Copies and looks at files whose size and hash are known beforehand. All of it blocks.
enum VerifiedCopy {
    /// What a file is found to be.
    enum Finding: Equatable, Sendable {
        case sound, missing, changed
    }

    /// Copies by way of an unfinished name, syncs, and renames if the bytes were as they should be. The folder is the
    /// caller's to sync.
    static func copy(
        _ source: FilePath, to target: FilePath, size: Int64, sha256: String
    ) throws -> Finding {
        let from = open(source.string, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard from >= 0 else {
            if errno == ENOENT { return .missing }
            throw SystemError("open a file that is to be copied")
        }
        defer { close(from) }
        let unfinished = FilePath(target.string + ".part")
        let to = open(unfinished.string, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard to >= 0 else { throw SystemError("make a copy") }
        defer { close(to) }
        let copy = FileDescriptor(rawValue: to)
        let found = try FileDescriptor(rawValue: from).digest { piece in try copy.writeAll(piece) }
        guard found.size == size, found.sha256 == sha256 else {
            unlink(unfinished.string)
            return .changed
        }
        guard fsync(to) == 0 else { throw SystemError("sync a copy") }
        guard rename(unfinished.string, target.string) == 0 else { throw SystemError("place a copy") }
        return .sound
    }

    /// Whether the bytes of a small blob are what they should be: the database cannot tell whether its pages are as they
    /// were written. `nil` for one that is a file.
    static func look(atContentOf blob: StoredBlob) -> Finding? {
        blob.content.map { content in
            content.count == blob.size && SHA256.hash(data: content).hexadecimal == blob.sha256 ? .sound : .changed
        }
    }

    /// Whether the file is what it should be.
    static func look(at file: FilePath, size: Int64, sha256: String) throws -> Finding {
        let descriptor = open(file.string, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return .missing }
            if errno == ELOOP { return .changed }
            throw SystemError("open a file that is to be verified")
        }
        defer { close(descriptor) }
        let found: (size: Int64, sha256: String)
        do {
            found = try FileDescriptor(rawValue: descriptor).digest()
        } catch let error as SystemError where error.code == EIO || error.code == EISDIR {
            // The disk cannot read it back.
            return .changed
        }
        return found.size == size && found.sha256 == sha256 ? .sound : .changed
    }

    /// Size and hash of a file that nothing is known about yet.
    static func describe(_ file: FilePath) throws -> (size: Int64, sha256: String) {
        let descriptor = open(file.string, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemError("open a file") }
        defer { close(descriptor) }
        return try FileDescriptor(rawValue: descriptor).digest()
    }

    /// Whether a file of that size is there; what was placed by `copy` was verified then.
    static func isThere(_ file: FilePath, size: Int64) -> Bool {
        var status = stat()
        return lstat(file.string, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && Int64(status.st_size) == size
    }
}
