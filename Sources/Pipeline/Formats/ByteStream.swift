/// The bytes of a range of a file in order, read in pieces, so that memory does not grow with the file.
struct ByteStream {
    private static let pieceSize = 256 * 1024

    private let content: Content
    private var position: Int64
    private let end: Int64
    private var piece: [UInt8] = []
    private var index = 0

    init(_ content: Content, _ range: Range<Int64>? = nil) {
        self.content = content
        position = range?.lowerBound ?? 0
        end = min(range?.upperBound ?? content.size, content.size)
    }

    /// Nil at the end. Throws `Errno`.
    mutating func next() throws -> UInt8? {
        if index == piece.count {
            guard position < end else { return nil }
            piece = try content.bytes(at: position, count: min(Self.pieceSize, Int(end - position)))
            position += Int64(piece.count)
            index = 0
            if piece.isEmpty { return nil }
        }
        defer { index += 1 }
        return piece[index]
    }
}
