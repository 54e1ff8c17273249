import CZlib

/// A raw deflate stream (RFC 1951) of level 6: bytes are pushed in, compressed chunks are pulled out.
///
/// The state lives on the heap, since zlib keeps a pointer back to it.
struct Deflater: ~Copyable {
    private static let chunkSize = 256 * 1024

    private let stream: UnsafeMutablePointer<z_stream>
    private let chunk: UnsafeMutablePointer<UInt8>
    private var flush = Z_NO_FLUSH

    init() throws(ZipError) {
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let answer = deflateInit2_(
            stream, 6, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        guard answer == Z_OK else {
            stream.deallocate()
            throw .outOfMemory
        }
        self.stream = stream
        chunk = .allocate(capacity: Self.chunkSize)
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
        chunk.deallocate()
    }

    /// `bytes` stay the caller's, untouched until `pull` has answered nil.
    mutating func push(_ bytes: UnsafeRawBufferPointer, isLast: Bool) {
        // zlib reads through this pointer only; its type lacks the const.
        stream.pointee.next_in = UnsafeMutablePointer(mutating: bytes.bindMemory(to: UInt8.self).baseAddress)
        stream.pointee.avail_in = UInt32(bytes.count)
        flush = isLast ? Z_FINISH : Z_NO_FLUSH
    }

    /// Compressed bytes, valid until the next call; nil when all that was pushed is used up.
    mutating func pull() -> UnsafeRawBufferPointer? {
        stream.pointee.next_out = chunk
        stream.pointee.avail_out = UInt32(Self.chunkSize)
        // With room for output it only ever says how far it came; the counts tell that too.
        _ = deflate(stream, flush)
        let count = Self.chunkSize - Int(stream.pointee.avail_out)
        return count == 0 ? nil : UnsafeRawBufferPointer(start: chunk, count: count)
    }
}
