import Glibc
import SystemPackage

/// What the data folder's disk says of itself. All of it may take as long as the disk does.
extension DataFolder {
    /// In bytes, without its WAL; `nil` when it cannot be seen.
    package var databaseSize: Int64? { Self.size(of: database) }

    /// Of what is not in the database file yet, in bytes.
    package var walSize: Int64? { Self.size(of: wal.string) }

    /// Makes a small file and removes it again.
    ///
    /// - Throws: `SystemError` when the disk is full, or takes nothing.
    package func tryWriting() throws {
        let path = staging.appending("probe").string
        let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SystemError("make a file in the data folder") }
        defer {
            close(descriptor)
            unlink(path)
        }
        try FileDescriptor(rawValue: descriptor).writeAll("kiln\n".utf8)
    }

    private static func size(of path: String) -> Int64? {
        var status = stat()
        return stat(path, &status) == 0 ? Int64(status.st_size) : nil
    }
}
