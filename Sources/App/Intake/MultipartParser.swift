import NIOCore

/// What a body may cost before its files are looked at.
struct MultipartLimits {
    /// Bytes of one part's header block.
    var header = 8192
    var parts = 100
}

/// A push parser of `multipart/form-data` (RFC 7578, RFC 2046 §5.1): bytes go in as they arrive, events come out.
///
/// ```swift
/// for try await bytes in request.body {
///     parser.feed(bytes)
///     while let event = try parser.next() { ... }
/// }
/// try parser.finish()
/// ```
///
/// Files pass through as slices of what was fed, uncopied but for a few bytes at the seams. What stays between two calls of `feed`, once `next` has
/// answered nil, is at most one header block or a begun delimiter (the boundary and 4 bytes). Preamble and epilogue
/// are skipped. The size of the body, and the time it takes, are the caller's to bound.
struct MultipartParser {
    enum Event: Equatable {
        case part(MultipartHead)
        /// A stretch of the current part, never empty.
        case bytes(ByteBuffer)
        case partEnd
    }

    private enum State {
        case preamble, boundary, lineEnd, header, bodyStart, body, epilogue
        case failed(MultipartError)
    }

    private let delimiter: MultipartDelimiter
    private let limits: MultipartLimits
    private var state = State.preamble
    private var parts = 0
    /// How much of `held` was already searched for the end of a header block.
    private var searched = 0
    /// Begins with the CR LF that the first boundary of a body lacks, so that it is found like any other.
    private var held = ByteBuffer(bytes: MultipartParser.lineBreak)

    /// What `held` has not taken over yet.
    private var fed = ByteBuffer()
    private var seam = 0

    private static let lineBreak: [UInt8] = [0x0D, 0x0A]

    /// `boundary` as told by `boundary(ofContentType:)`.
    init(boundary: String, limits: MultipartLimits = MultipartLimits()) {
        delimiter = MultipartDelimiter(boundary: boundary)
        self.limits = limits
    }

    /// Appends what arrived.
    mutating func feed(_ bytes: ByteBuffer) {
        if case .epilogue = state { return }
        if fed.readableBytes == 0 {
            fed = bytes
        } else {
            fed.writeImmutableBuffer(bytes)
        }
    }

    /// The next event, or nil when more bytes are needed. A body that was refused stays refused.
    mutating func next() throws(MultipartError) -> Event? {
        do {
            while true {
                switch try step() {
                case .event(let event): return event
                case .again: continue
                case .starved: guard refill() else { return nil }
                }
            }
        } catch {
            state = .failed(error)
            (held, fed) = (ByteBuffer(), ByteBuffer())
            throw error
        }
    }

    /// The body is over. To be called after `next` has answered nil; throws unless the closing boundary was seen.
    mutating func finish() throws(MultipartError) {
        switch state {
        case .epilogue: return
        case .failed(let error): throw error
        default:
            state = .failed(.truncated)
            throw .truncated
        }
    }
}

extension MultipartParser {
    private enum Step {
        case event(Event), again, starved
    }

    private mutating func step() throws(MultipartError) -> Step {
        switch state {
        case .preamble: preamble()
        case .boundary: boundary()
        case .lineEnd: try lineEnd()
        case .header: try header()
        case .bodyStart: bodyStart()
        case .body: body()
        case .epilogue: epilogue()
        case .failed(let error): throw error
        }
    }

    /// Takes over what was fed: all of it when nothing is held, else enough to decide about what is, so that of a file
    /// only the seams between two pieces are copied. Seams that follow on each other grow, so that a file made of begun
    /// delimiters costs one copy, not a step per line.
    private mutating func refill() -> Bool {
        guard fed.readableBytes > 0 else { return false }
        if held.readableBytes == 0 {
            (held, fed) = (fed, ByteBuffer())
            seam = 0
        } else {
            let length = min(fed.readableBytes, max(delimiter.count, seam))
            held.discardReadBytes()
            held.writeBytes(fed.readableBytesView.prefix(length))
            fed.moveReaderIndex(forwardBy: length)
            seam = 2 * length
        }
        return true
    }

    private mutating func preamble() -> Step {
        held.moveReaderIndex(forwardBy: held.withUnsafeReadableBytes(delimiter.distance))
        guard passDelimiter() else { return .starved }
        return .again
    }

    /// After the boundary: `--` closes the body, all else is the rest of the boundary's line.
    private mutating func boundary() -> Step {
        guard held.readableBytes >= 2 else { return .starved }
        if held.readableBytesView.starts(with: "--".utf8) {
            state = .epilogue
        } else {
            state = .lineEnd
        }
        return .again
    }

    /// Transport padding, then CR LF, which is left in place: it is the first half of the header's end if there is none.
    private mutating func lineEnd() throws(MultipartError) -> Step {
        let padding = held.readableBytesView.prefix { $0 == 0x20 || $0 == 0x09 }.count
        held.moveReaderIndex(forwardBy: padding)
        guard held.readableBytes >= 2 else { return .starved }
        guard held.readableBytesView.starts(with: Self.lineBreak) else {
            throw held.readableBytesView.first == 0x0A ? .bareLineFeed : .boundaryLineMalformed
        }
        guard parts < limits.parts else { throw .tooManyParts(limit: limits.parts) }
        parts += 1
        searched = 0
        state = .header
        return .again
    }

    /// The whole block, from the CR LF of the boundary to the empty line. The last CR LF stays: it may open a delimiter.
    private mutating func header() throws(MultipartError) -> Step {
        guard let length = headerLength() else {
            guard held.readableBytes <= limits.header else { throw .headerTooLong(limit: limits.header) }
            return .starved
        }
        guard length <= limits.header else { throw .headerTooLong(limit: limits.header) }
        let block = Array(held.readableBytesView.prefix(length).dropFirst(Self.lineBreak.count))
        held.moveReaderIndex(forwardBy: length + Self.lineBreak.count)
        state = .bodyStart
        return .event(.part(try MultipartHead(block: block)))
    }

    /// The distance to the first CR LF CR LF; what was searched is not searched again.
    private mutating func headerLength() -> Int? {
        let view = held.readableBytesView.dropFirst(searched)
        let end = view.indices.first { index in view[index] == 0x0D && view[index...].starts(with: Self.emptyLine) }
        searched = max(0, held.readableBytes - 3)
        return end.map { $0 - held.readerIndex }
    }

    private static let emptyLine = lineBreak + lineBreak

    /// A part without a body may share the CR LF that ends its header with the delimiter.
    private mutating func bodyStart() -> Step {
        switch held.withUnsafeReadableBytes(delimiter.prefix) {
        case .begun: return .starved
        case .whole: break
        case .none: held.moveReaderIndex(forwardBy: Self.lineBreak.count)
        }
        state = .body
        return .again
    }

    private mutating func body() -> Step {
        let length = held.withUnsafeReadableBytes(delimiter.distance)
        if length > 0, let bytes = held.readSlice(length: length) { return .event(.bytes(bytes)) }
        return passDelimiter() ? .event(.partEnd) : .starved
    }

    private mutating func epilogue() -> Step {
        (held, fed) = (ByteBuffer(), ByteBuffer())
        return .starved
    }

    /// Moves behind the delimiter if all of it has arrived.
    private mutating func passDelimiter() -> Bool {
        guard case .whole = held.withUnsafeReadableBytes(delimiter.prefix) else { return false }
        held.moveReaderIndex(forwardBy: delimiter.count)
        state = .boundary
        return true
    }
}
