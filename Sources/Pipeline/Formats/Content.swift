import Glibc
package import SystemPackage

/// A file as recognition and the reference check see it: its first 64 KB, its size, and any other range on demand.
package struct Content: Sendable {
    /// What is read at once; enough for every signature, and for a fair look at text.
    package static let headSize = 64 * 1024

    package let head: [UInt8]
    /// In bytes, of the whole file.
    package let size: Int64
    /// The head as text, see `PlainText`; nil when it is binary data.
    let text: [UInt8]?
    private let load: @Sendable (Range<Int64>) throws -> [UInt8]

    package init(_ bytes: [UInt8]) {
        head = Array(bytes.prefix(Self.headSize))
        size = Int64(bytes.count)
        text = PlainText.of(head)
        load = { Array(bytes[Int($0.lowerBound)..<Int($0.upperBound)]) }
    }

    /// The descriptor stays the caller's and must stay open as long as the content is used; its position is not moved.
    /// Reads block: keep them off the cooperative pool. Throws `Errno`.
    package init(_ file: FileDescriptor) throws {
        var status = stat()
        guard fstat(file.rawValue, &status) == 0 else { throw Errno(rawValue: errno) }
        size = Int64(status.st_size)
        load = { try file.bytes(in: $0) }
        head = try file.bytes(in: 0..<min(size, Int64(Self.headSize)))
        text = PlainText.of(head)
    }

    /// Bytes that come from elsewhere: `load` gives those of a range, fewer where they end.
    init(size: Int64, load: @escaping @Sendable (Range<Int64>) throws -> [UInt8]) throws {
        self.size = size
        self.load = load
        head = try load(0..<min(size, Int64(Self.headSize)))
        text = PlainText.of(head)
    }

    /// At most `count` bytes from `offset`, fewer where the file ends. Throws `Errno`.
    func bytes(at offset: Int64, count: Int) throws -> [UInt8] {
        let start = min(max(offset, 0), size)
        return try load(start..<min(size, start + Int64(max(count, 0))))
    }
}

extension FileDescriptor {
    /// The bytes of a range, fewer where the file has become shorter.
    fileprivate func bytes(in range: Range<Int64>) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: range.count) { buffer, filled in
            while filled < range.count {
                let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
                let more = try read(fromAbsoluteOffset: range.lowerBound + Int64(filled), into: rest)
                if more == 0 { break }
                filled += more
            }
        }
    }
}
