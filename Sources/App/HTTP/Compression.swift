import CZlib
import HTTPTypes
import Hummingbird
import NIOCore
import NIOPosix

/// Sends JSON and text compressed to clients that take it, when it is long enough to be worth it. Never files: most are
/// compressed already, ranges and tags belong to their bytes, and a stranger's file costs no time of ours.
struct Compression: RouterMiddleware {
    typealias Context = HTTPContext

    /// Bytes below which it does not pay.
    private static let least = 1024
    /// Bytes above which another thread does it.
    private static let quick = 64 << 10

    func handle(
        _ request: Request, context: HTTPContext,
        next: (Request, HTTPContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        guard Self.isCompressible(response.headers), let length = response.body.contentLength else { return response }
        response.headers.vary(by: "Accept-Encoding")
        let wish = AcceptEncoding.wish(of: request.headers)
        // An answer to HEAD has no bytes, and tells of the plain ones.
        guard request.method != .head, length > 0, wish == .onlyGzip || wish == .gzip && length > Self.least else {
            return response
        }
        guard let body = try await Self.bytes(of: response.body), let compressed = try await Self.compressed(body)
        else {
            return response
        }
        response.body = ResponseBody(byteBuffer: compressed)
        return Self.marked(response)
    }

    /// The bytes are others, the content is the same: its tag becomes a weak one (RFC 9110, section 8.8.3.3).
    private static func marked(_ response: Response) -> Response {
        var response = response
        response.headers[.contentEncoding] = "gzip"
        if let tag = response.headers[.eTag], !tag.hasPrefix("W/") { response.headers[.eTag] = "W/" + tag }
        return response
    }

    /// Text of ours, by its type; what is offered as a file is a file, whatever its type.
    private static func isCompressible(_ fields: HTTPFields) -> Bool {
        guard fields[.contentDisposition] == nil, fields[.contentEncoding] == nil,
            let type = fields[.contentType]?.split(separator: ";").first?.lowercased()
        else { return false }
        return type.hasPrefix("text/") && type != "text/event-stream" || type.hasSuffix("json")
            || type.hasSuffix("yaml")
            || type.hasPrefix("application/openmetrics-text")
    }

    private static func bytes(of body: ResponseBody) async throws -> ByteBuffer? {
        let collected = Collected()
        try await body.write(CollectingWriter(collected: collected))
        return collected.buffer
    }

    private static func compressed(_ body: ByteBuffer) async throws -> ByteBuffer? {
        guard body.readableBytes > quick else { return Gzip.compress(body) }
        return try await NIOThreadPool.singleton.runIfActive { Gzip.compress(body) }
    }
}

/// A body that was short enough to be held in memory anyway.
private final class Collected {
    var buffer = ByteBuffer()
}

private struct CollectingWriter: ResponseBodyWriter {
    let collected: Collected

    mutating func write(_ buffer: ByteBuffer) async throws {
        collected.buffer.writeImmutableBuffer(buffer)
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
}

/// The gzip format (RFC 1952) in one go.
enum Gzip {
    /// Nil when zlib has no memory.
    static func compress(_ plain: ByteBuffer) -> ByteBuffer? {
        var stream = z_stream()
        // 15 bits of window, and 16 for a gzip header; level 1 does text at some 60 MB/s (zlib.h).
        let version = ZLIB_VERSION
        let size = CInt(MemoryLayout<z_stream>.size)
        guard deflateInit2_(&stream, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, version, size) == Z_OK else {
            return nil
        }
        defer { deflateEnd(&stream) }
        let most = Int(deflateBound(&stream, uLong(plain.readableBytes)))
        var compressed = ByteBufferAllocator().buffer(capacity: most)
        var isDone = false
        compressed.writeWithUnsafeMutableBytes(minimumWritableBytes: most) { space in
            plain.withUnsafeReadableBytes { bytes in
                // zlib reads from it and does not write.
                stream.next_in = UnsafeMutablePointer(mutating: bytes.bindMemory(to: UInt8.self).baseAddress)
                stream.avail_in = uInt(bytes.count)
                stream.next_out = space.bindMemory(to: UInt8.self).baseAddress
                stream.avail_out = uInt(space.count)
                isDone = deflate(&stream, Z_FINISH) == Z_STREAM_END
                return space.count - Int(stream.avail_out)
            }
        }
        return isDone ? compressed : nil
    }
}
