import Glibc
import SystemPackage

/// A blob opened for reading at any place, by any number of readers.
package final class BlobReader: Sendable {
    /// -1 where all there is is in memory.
    private let descriptor: CInt
    package let size: Int64
    /// All of it, where that is so little that it was read at once.
    package let small: [UInt8]?

    private static let smallSize = 64 * 1024

    init(_ content: [UInt8]) {
        descriptor = -1
        size = Int64(content.count)
        small = content
    }

    init(path: FilePath) throws {
        let descriptor = Glibc.open(path.string, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemError("open a blob") }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            Glibc.close(descriptor)
            throw SystemError("look at a blob")
        }
        self.descriptor = descriptor
        size = Int64(status.st_size)
        guard size <= Self.smallSize else {
            small = nil
            return
        }
        // What goes wrong here goes wrong again, and is told, when it is read.
        let bytes = [UInt8](unsafeUninitializedCapacity: Int(size)) { buffer, count in
            count = max(0, pread(descriptor, buffer.baseAddress, buffer.count, 0))
        }
        small = bytes.count == Int(size) ? bytes : nil
    }

    /// Reads up to the buffer's size from `offset` on; 0 at the end. Blocks.
    package func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws -> Int {
        if descriptor < 0, let small {
            let rest = small.dropFirst(Int(offset)).prefix(buffer.count)
            buffer.copyBytes(from: rest)
            return rest.count
        }
        let count = pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset))
        guard count >= 0 else { throw SystemError("read a blob") }
        return count
    }

    deinit {
        if descriptor >= 0 { Glibc.close(descriptor) }
    }
}

extension BlobReader {
    /// All of it, for what is known to be small. Blocks.
    package func readAll() throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: Int(size)) { buffer, count in
            while count < buffer.count {
                let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[count...])
                let more = try read(into: rest, at: Int64(count))
                guard more > 0 else { return }
                count += more
            }
        }
    }
}
