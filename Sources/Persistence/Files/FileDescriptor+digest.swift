import Crypto
import Glibc
import SystemPackage

extension FileDescriptor {
    /// Below what malloc maps and unmaps anew each time.
    private static let piece = 64 * 1024

    /// Size in bytes and SHA-256 (lower-case hexadecimal) of what can be read from here on. Blocks.
    ///
    /// - Parameter each: is given the bytes, piece by piece.
    func digest(
        _ each: (UnsafeRawBufferPointer) throws -> Void = { _ in }
    ) throws -> (size: Int64, sha256: String) {
        var hash = SHA256()
        var size: Int64 = 0
        try withUnsafeTemporaryAllocation(byteCount: Self.piece, alignment: 16) { buffer in
            while true {
                let count = Glibc.read(rawValue, buffer.baseAddress, buffer.count)
                if count < 0, errno == EINTR { continue }
                guard count >= 0 else { throw SystemError("read a file") }
                if count == 0 { break }
                let piece = UnsafeRawBufferPointer(rebasing: buffer[..<count])
                hash.update(bufferPointer: piece)
                try each(piece)
                size += Int64(count)
            }
        }
        return (size, hash.finalize().hexadecimal)
    }
}

extension SHA256Digest {
    var hexadecimal: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
