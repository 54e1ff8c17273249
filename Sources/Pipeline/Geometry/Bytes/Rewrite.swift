import Glibc

/// A new file beside a model, that takes its place when it is complete and vanishes when it is not.
final class Rewrite {
    private let path: String
    private let descriptor: Int32
    private var pending: [UInt8] = []
    private var isCommitted = false

    private static let window = 256 << 10
    private var draft: String { path + ".normalising" }

    /// With the permissions of `file`. What an earlier rewrite may have left behind is removed.
    init(of file: ModelFile) throws(ReadError) {
        path = file.path
        unlink(path + ".normalising")
        descriptor = open(path + ".normalising", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, file.mode)
        guard descriptor >= 0 else { throw .system(errno) }
        pending.reserveCapacity(Self.window)
    }

    deinit {
        guard descriptor >= 0 else { return }
        close(descriptor)
        if !isCommitted { unlink(draft) }
    }

    /// Copies what it is given before it returns.
    func write(_ bytes: some Sequence<UInt8>) throws(ReadError) {
        pending.append(contentsOf: bytes)
        if pending.count >= Self.window { try flush() }
    }

    /// Copies bytes of the old file as they are.
    func copy(_ range: Range<Int>, of file: ModelFile, budget: ReadBudget) throws(ReadError) {
        var bytes = ModelBytes(file, from: range.lowerBound, budget: budget)
        while bytes.position < range.upperBound {
            try write(try bytes.takeRecords(of: 1, atMost: range.upperBound - bytes.position))
        }
    }

    /// Puts the new file in the place of the old one.
    func commit() throws(ReadError) {
        try flush()
        guard rename(draft, path) == 0 else { throw .system(errno) }
        isCommitted = true
    }

    private func flush() throws(ReadError) {
        var written = 0
        while written < pending.count {
            let count = pending.withUnsafeBytes { bytes in
                Glibc.write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .system(errno) }
            written += count
        }
        pending.removeAll(keepingCapacity: true)
    }
}
