import Glibc
import SystemPackage

/// The bytes of one file on their way into an archive, as many as there were when it was opened.
struct ZipSource: ~Copyable {
    private static let chunkSize = 256 * 1024

    let size: UInt64
    /// The name in the archive, for errors: paths stay inside.
    private let name: String
    private let descriptor: Int32
    private let closes: Bool
    private let chunk: UnsafeMutableRawPointer
    /// Where in the file it begins.
    private var base: UInt64 = 0
    private var offset: UInt64 = 0

    /// Does not follow a link in the last component, and does not wait for a pipe's writer.
    init(path: String, name: String) throws(ZipError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw errno == ELOOP ? .notAFile(name) : .unreadable(name, Errno(rawValue: errno))
        }
        do {
            try self.init(descriptor: descriptor, closes: true, name: name)
        } catch {
            close(descriptor)
            throw error
        }
    }

    /// Reads from the beginning, wherever the descriptor stands. With `closes`, closes it in the end, though not when
    /// it throws: `deinit` does not run for what was never whole.
    init(descriptor: Int32, closes: Bool, name: String) throws(ZipError) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw .unreadable(name, Errno(rawValue: errno))
        }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile(name) }
        self.name = name
        self.descriptor = descriptor
        self.closes = closes
        size = UInt64(status.st_size)
        chunk = .allocate(byteCount: Self.chunkSize, alignment: 16)
    }

    /// A stretch of an open file that is known to be there.
    init(descriptor: Int32, range: Range<Int64>, name: String) {
        self.name = name
        self.descriptor = descriptor
        closes = false
        base = UInt64(range.lowerBound)
        size = UInt64(range.count)
        chunk = .allocate(byteCount: Self.chunkSize, alignment: 16)
    }

    deinit {
        chunk.deallocate()
        if closes { close(descriptor) }
    }

    var isAtEnd: Bool { offset == size }

    /// The next 256 KB or what is left, valid until the next call; always the same cuts, so that deflate gives the
    /// same bytes. Empty at the end.
    mutating func next() throws(ZipError) -> UnsafeRawBufferPointer {
        let wanted = Int(min(UInt64(Self.chunkSize), size - offset))
        var count = 0
        while count < wanted {
            let read = pread(descriptor, chunk + count, wanted - count, off_t(base + offset) + count)
            if read < 0, errno == EINTR { continue }
            guard read >= 0 else { throw .unreadable(name, Errno(rawValue: errno)) }
            guard read > 0 else { throw .changed(name) }
            count += read
        }
        offset += UInt64(count)
        return UnsafeRawBufferPointer(start: chunk, count: count)
    }

    /// The CRC-32 of the whole file, which is then at its beginning again.
    mutating func checksum() throws(ZipError) -> UInt32 {
        var checksum = ZipChecksum()
        while !isAtEnd { checksum.add(try next()) }
        offset = 0
        return checksum.value
    }
}
