import CZlib
import SystemPackage

/// A deflate stream (RFC 1951), raw or wrapped as zlib does it (RFC 1950), on its way back: compressed bytes are pushed in, plain chunks are pulled out.
///
/// The state lives on the heap, since zlib keeps a pointer back to it.
struct Inflater: ~Copyable {
    private static let chunkSize = 256 * 1024

    private let stream: UnsafeMutablePointer<z_stream>
    private let chunk: UnsafeMutablePointer<UInt8>
    /// Whether the stream has told its end.
    private(set) var isEnded = false

    init(isWrapped: Bool = false) throws(ZipFault) {
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let window = isWrapped ? MAX_WBITS : -MAX_WBITS
        guard inflateInit2_(stream, window, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            stream.deallocate()
            throw .system(.noMemory)
        }
        self.stream = stream
        chunk = .allocate(capacity: Self.chunkSize)
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        chunk.deallocate()
    }

    /// Whether all that was pushed is used up.
    var isHungry: Bool { stream.pointee.avail_in == 0 }

    /// `bytes` stay the caller's, untouched until `pull` has answered nil.
    mutating func push(_ bytes: UnsafeRawBufferPointer) {
        // zlib reads through this pointer only; its type lacks the const.
        stream.pointee.next_in = UnsafeMutablePointer(mutating: bytes.bindMemory(to: UInt8.self).baseAddress)
        stream.pointee.avail_in = UInt32(bytes.count)
    }

    /// Plain bytes, valid until the next call; nil when more must be pushed, or all is out.
    mutating func pull() throws(ZipFault) -> UnsafeRawBufferPointer? {
        if isEnded { return nil }
        stream.pointee.next_out = chunk
        stream.pointee.avail_out = UInt32(Self.chunkSize)
        switch inflate(stream, Z_NO_FLUSH) {
        case Z_OK, Z_BUF_ERROR: break
        case Z_STREAM_END: isEnded = true
        case Z_MEM_ERROR: throw .system(.noMemory)
        default: throw .broken("compressed data in it is damaged")
        }
        let count = Self.chunkSize - Int(stream.pointee.avail_out)
        return count == 0 ? nil : UnsafeRawBufferPointer(start: chunk, count: count)
    }
}
