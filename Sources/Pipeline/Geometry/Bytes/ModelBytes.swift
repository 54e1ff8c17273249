/// The bytes of a binary file in order, in a window of 256 KB.
struct ModelBytes: ~Copyable {
    private let file: ModelFile
    private let budget: ReadBudget
    private let window: UnsafeMutableRawBufferPointer
    private var start = 0
    private var end = 0
    private var offset: Int

    /// The most that `take` gives at once.
    static let largest = 256 << 10

    init(_ file: ModelFile, from offset: Int, budget: ReadBudget) {
        self.file = file
        self.budget = budget
        self.offset = offset
        window = .allocate(byteCount: Self.largest, alignment: 16)
    }

    deinit { window.deallocate() }

    /// How many bytes of the file are still to come.
    var left: Int { max(0, file.size - offset) + (end - start) }

    /// Where in the file the next byte is.
    var position: Int { offset - (end - start) }

    /// The next `count` bytes, at most `largest`; they last until the next call.
    @inline(__always)
    mutating func take(_ count: Int) throws(ReadError) -> UnsafeRawBufferPointer {
        if end - start < count { try refill(atLeast: count) }
        defer { start += count }
        return UnsafeRawBufferPointer(rebasing: window[start..<start + count])
    }

    /// As many of the next records of `stride` bytes as are at hand, at least one and at most `limit`.
    mutating func takeRecords(of stride: Int, atMost limit: Int) throws(ReadError) -> UnsafeRawBufferPointer {
        if end - start < stride { try refill(atLeast: stride) }
        return try take(min(limit, (end - start) / stride) * stride)
    }

    private mutating func refill(atLeast count: Int) throws(ReadError) {
        try budget.checkTime()
        window.copyMemory(from: UnsafeRawBufferPointer(rebasing: window[start..<end]))
        end -= start
        start = 0
        let read = try file.read(at: offset, into: UnsafeMutableRawBufferPointer(rebasing: window[end...]))
        offset += read
        end += read
        guard end >= count else { throw .cutOff }
    }
}
