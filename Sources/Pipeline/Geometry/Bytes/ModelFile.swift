import Glibc

/// One regular file, open for reading at any position and closed with its last user.
final class ModelFile {
    let path: String
    let size: Int
    /// Permission bits, for a file that takes this one's place.
    let mode: mode_t
    private let descriptor: Int32

    private init(path: String, descriptor: Int32, status: stat) {
        self.path = path
        self.descriptor = descriptor
        size = Int(status.st_size)
        mode = status.st_mode & 0o777
    }

    deinit { close(descriptor) }

    /// Neither follows a symbolic link nor waits for a pipe: the folder was written by a tool that is not trusted.
    static func open(_ path: String, budget: ReadBudget) throws(ReadError) -> ModelFile {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw errno == ELOOP ? .invalid("The file is a symbolic link.") : .system(errno)
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw .invalid("This is not a regular file.")
        }
        let file = ModelFile(path: path, descriptor: descriptor, status: status)
        try budget.admit(bytes: file.size)
        return file
    }

    /// Fills `buffer` from `offset`; fewer bytes only at the end of the file.
    func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(ReadError) -> Int {
        var filled = 0
        while filled < buffer.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
            let count = pread(descriptor, rest.baseAddress, rest.count, off_t(offset + filled))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .system(errno) }
            if count == 0 { break }
            filled += count
        }
        return filled
    }

    /// The bytes of `range` in memory. The caller bounds it.
    func load(_ range: Range<Int>) throws(ReadError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: range.count)
        let count = try bytes.withMutableBytes { target throws(ReadError) in
            try read(at: range.lowerBound, into: target)
        }
        guard count == range.count else { throw .cutOff }
        return bytes
    }
}

extension ReadError {
    static let cutOff = ReadError.invalid("The file ends in the middle of its data.")
}

extension [UInt8] {
    /// As `withUnsafeBytes`, which forgets the type of what is thrown.
    @inline(__always)
    func withBytes<Result>(
        _ body: (UnsafeRawBufferPointer) throws(ReadError) -> Result
    ) throws(ReadError) -> Result {
        try withUnsafeBufferPointer { buffer throws(ReadError) in try body(UnsafeRawBufferPointer(buffer)) }
    }

    /// As `withUnsafeMutableBytes`, which forgets the type of what is thrown.
    @inline(__always)
    mutating func withMutableBytes<Result>(
        _ body: (UnsafeMutableRawBufferPointer) throws(ReadError) -> Result
    ) throws(ReadError) -> Result {
        try withUnsafeMutableBufferPointer { buffer throws(ReadError) in
            try body(UnsafeMutableRawBufferPointer(buffer))
        }
    }
}
