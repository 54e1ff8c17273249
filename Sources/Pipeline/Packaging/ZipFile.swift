import Glibc
import SystemPackage

/// An archive open for reading; closed with the last one who uses it.
final class ZipFile: Sendable {
    let size: Int64
    private let descriptor: CInt

    /// Does not follow a link in the last component, and takes ordinary files only.
    init(_ path: FilePath) throws(ZipFault) {
        descriptor = open(path.string, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { throw .system(Errno(rawValue: errno)) }
        var status = stat()
        let isKnown = fstat(descriptor, &status) == 0
        size = isKnown ? Int64(status.st_size) : 0
        guard isKnown, status.st_mode & S_IFMT == S_IFREG else { throw .system(.invalidArgument) }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Fills the buffer with the bytes from `offset`.
    func load(_ buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws(ZipFault) {
        var filled = 0
        while filled < buffer.count {
            let count = pread(
                descriptor, buffer.baseAddress.map { $0 + filled }, buffer.count - filled, off_t(offset) + filled)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .system(Errno(rawValue: errno)) }
            guard count > 0 else { throw .broken("it ends too early") }
            filled += count
        }
    }

    /// A stretch that lies within the file as a whole.
    func bytes(at offset: Int64, count: Int) throws(ZipFault) -> [UInt8] {
        guard offset >= 0, count >= 0, offset <= size, Int64(count) <= size - offset else {
            throw .broken("it points beyond its end")
        }
        var bytes = [UInt8](repeating: 0, count: count)
        let result = bytes.withUnsafeMutableBytes { buffer in
            Result { () throws(ZipFault) in try load(buffer, at: offset) }
        }
        try result.get()
        return bytes
    }
}
