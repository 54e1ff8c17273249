/// The bytes of an XML document in a window that grows for a long tag. UTF-16 is narrowed to one byte a character, those
/// beyond ASCII as `?`: what is looked at is ASCII.
struct XMLBytes: ~Copyable {
    /// Fills the buffer with what comes next, from the front; 0 only at the end.
    typealias Source = (UnsafeMutableRawBufferPointer) throws(ReadError) -> Int

    private let source: Source
    private let budget: ReadBudget
    private var window: UnsafeMutableRawBufferPointer
    private var start = 0
    private var end = 0
    /// Which byte of two is the low one, in UTF-16.
    private var low: Int?
    /// The first byte of a character whose second one has not come yet.
    private var half: UInt8?
    private var hasBegun = false

    private static let usual = 256 << 10
    private static let longest = 16 << 20
    private static let longestMark = 3

    init(_ source: @escaping Source, budget: ReadBudget) {
        self.source = source
        self.budget = budget
        window = .allocate(byteCount: Self.usual, alignment: 16)
    }

    deinit { window.deallocate() }

    /// What is at hand; it lasts until the next call that changes anything.
    var ready: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: window[start..<end]) }

    /// True when half the window is taken by what is not yet used up.
    var isCrowded: Bool { end - start >= Self.usual / 2 }

    mutating func drop(_ count: Int) { start += count }

    /// Reads on behind what is at hand; false at the end of the document.
    mutating func more() throws(ReadError) -> Bool {
        try budget.checkTime()
        let rest = end - start
        if rest == window.count { try grow() }
        window.copyMemory(from: ready)
        start = 0
        end = rest
        repeat {
            let count = try source(UnsafeMutableRawBufferPointer(rebasing: window[end...]))
            if count == 0 { break }
            end += count
        } while !hasBegun && end < Self.longestMark
        guard end > rest else { return false }
        let isNew = !hasBegun
        if isNew { begin() }
        if let low { narrow((isNew ? start : rest)..<end, low: low) }
        return true
    }

    private mutating func grow() throws(ReadError) {
        guard window.count < Self.longest else {
            throw .tooLarge("A tag of the XML is longer than \(Self.longest) bytes.")
        }
        let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: window.count * 4, alignment: 16)
        larger.copyMemory(from: UnsafeRawBufferPointer(window))
        window.deallocate()
        window = larger
    }

    /// By the byte order mark, or by how the first `<` is written (XML 1.0, appendix F).
    private mutating func begin() {
        hasBegun = true
        switch (ready.first, ready.dropFirst().first) {
        case (0xFF, 0xFE): (low, start) = (0, 2)
        case (0xFE, 0xFF): (low, start) = (1, 2)
        case (0x3C, 0): low = 0
        case (0, 0x3C): low = 1
        case (0xEF, 0xBB): start = min(3, end)
        default: break
        }
    }

    private mutating func narrow(_ range: Range<Int>, low: Int) {
        var target = range.lowerBound
        for index in range {
            guard let first = half else {
                half = window[index]
                continue
            }
            let (small, large) = low == 0 ? (first, window[index]) : (window[index], first)
            window[target] = large == 0 && small < 0x80 ? small : UInt8(ascii: "?")
            target += 1
            half = nil
        }
        end = target
    }
}
