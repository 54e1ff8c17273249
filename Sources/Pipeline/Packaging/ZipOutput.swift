import Glibc
import SystemPackage

/// Where an archive goes, and how much of it went there.
struct ZipOutput {
    private(set) var offset: UInt64 = 0
    private let write: (UnsafeRawBufferPointer) throws -> Void

    init(_ write: @escaping (UnsafeRawBufferPointer) throws -> Void) {
        self.write = write
    }

    init(descriptor: Int32) {
        write = { bytes throws(ZipError) in
            var rest = bytes[...]
            while !rest.isEmpty {
                let chunk = UnsafeRawBufferPointer(rebasing: rest)
                let count = Glibc.write(descriptor, chunk.baseAddress, chunk.count)
                if count < 0, errno == EINTR { continue }
                guard count >= 0 else { throw .unwritable(Errno(rawValue: errno)) }
                rest = rest.dropFirst(count)
            }
        }
    }

    mutating func put(_ bytes: UnsafeRawBufferPointer) throws(ZipError) {
        do {
            try write(bytes)
        } catch {
            throw error as? ZipError ?? .stopped(by: error)
        }
        offset += UInt64(bytes.count)
    }

    mutating func put(_ bytes: [UInt8]) throws(ZipError) {
        try bytes.span.withUnsafeBytes { chunk throws(ZipError) in try put(chunk) }
    }
}
