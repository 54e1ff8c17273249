import HTTPTypes
import Hummingbird
import NIOCore
import NIOPosix

/// Answers `GET` and `HEAD` with a file, by RFC 9110: whole, in part, or not at all when the client has it already.
/// A file is an attachment from a stranger: no browser may guess its type, show it in place, or run it.
struct FileResponder: Sendable {
    /// What the disk gives at a time, and all that one download holds in memory, twice.
    static let chunk = 256 * 1024

    /// The file is shorter than it says: the download breaks off, since its length is already promised.
    struct Truncated: Error {}

    var threads = NIOThreadPool.singleton

    func respond(to request: Request, with file: StoredFile, context: HTTPContext) -> Response {
        let conditions = Preconditions(
            fields: request.headers, tag: file.tag, modified: HTTPDate(seconds: file.modified))
        switch conditions.outcome {
        case .failed: return Problem(.preconditionFailed).response(requestId: context.requestId)
        case .notModified: return Response(status: .notModified, headers: file.validators)
        case .proceed: break
        }
        let rangeCounts = request.method == .get && conditions.honoursRange
        switch ByteRange(rangeCounts ? request.headers[.range] : nil, size: file.size) {
        case .whole: return response(.ok, file.fields, file, 0..<file.size, to: request)
        case .part(let range): return response(.partialContent, file.fields(of: range), file, Range(range), to: request)
        case .unsatisfiable: return beyondTheEnd(of: file).response(requestId: context.requestId)
        }
    }

    private func beyondTheEnd(of file: StoredFile) -> Problem {
        let fields: HTTPFields = [.contentRange: "bytes */\(file.size)", .acceptRanges: "bytes"]
        return Problem(.rangeNotSatisfiable, "The file has \(file.size) bytes.", headers: fields)
    }

    private func response(
        _ status: HTTPResponse.Status, _ headers: HTTPFields, _ file: StoredFile, _ range: Range<Int64>,
        to request: Request
    ) -> Response {
        var headers = headers
        headers[.contentLength] = String(range.count)
        guard request.method == .get else { return Response(status: status, headers: headers) }
        if let small = file.small {
            let bytes = ByteBuffer(bytes: small[Int(range.lowerBound)..<Int(range.upperBound)])
            return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: bytes))
        }
        let body = ResponseBody(contentLength: range.count) { writer in
            try await stream(range, of: file, to: &writer)
            try await writer.finish(nil)
        }
        return Response(status: status, headers: headers, body: body)
    }

    /// The next chunk is read while this one is sent; the writer waits for the client.
    private func stream(_ range: Range<Int64>, of file: StoredFile, to writer: inout any ResponseBodyWriter)
        async throws
    {
        var sent = range.lowerBound
        var buffer = try await chunk(of: file, range)
        while buffer.readableBytes > 0 {
            sent += Int64(buffer.readableBytes)
            let rest = sent..<range.upperBound
            async let ahead = chunk(of: file, rest)
            try await writer.write(buffer)
            buffer = try await ahead
        }
    }

    private func chunk(of file: StoredFile, _ range: Range<Int64>) async throws -> ByteBuffer {
        let count = min(range.count, Self.chunk)
        guard count > 0 else { return ByteBuffer() }
        return try await threads.runIfActive {
            var buffer = ByteBufferAllocator().buffer(capacity: count)
            try buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { space in
                try Self.fill(
                    UnsafeMutableRawBufferPointer(rebasing: space.prefix(count)), from: range.lowerBound, of: file)
            }
            return buffer
        }
    }

    private static func fill(_ space: UnsafeMutableRawBufferPointer, from offset: Int64, of file: StoredFile) throws
        -> Int
    {
        var filled = 0
        while filled < space.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: space[filled...])
            let count = try file.read(rest, offset + Int64(filled))
            guard count > 0 else { throw Truncated() }
            filled += count
        }
        return filled
    }
}
