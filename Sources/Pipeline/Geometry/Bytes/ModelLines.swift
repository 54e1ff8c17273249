import Glibc

/// The lines of a text file, one at a time, in a window of 256 KB that grows only for a longer line.
///
/// Lines end in LF, CR LF or, when the first line does, CR alone. A CR before the LF stays in the line, as a blank.
struct ModelLines: ~Copyable {
    /// What ends a line.
    private(set) var newline = UInt8(ascii: "\n")
    private let file: ModelFile
    private let budget: ReadBudget
    private let joinsLines: Bool
    private var window: UnsafeMutableRawBufferPointer
    private var start = 0
    private var end = 0
    private var offset = 0

    private static let usual = 256 << 10
    private static let longest = 16 << 20

    /// With `joiningLines` a line that ends in a backslash goes on in the next one, as in OBJ; the backslash and the
    /// line break stay inside, as blanks.
    init(_ file: ModelFile, joiningLines: Bool = false, budget: ReadBudget) {
        self.file = file
        self.budget = budget
        joinsLines = joiningLines
        window = .allocate(byteCount: Self.usual, alignment: 16)
    }

    deinit { window.deallocate() }

    /// Where in the file the next line begins.
    var position: Int { offset - (end - start) }

    /// The next line without its end; it lasts until the next call.
    mutating func next() throws(ReadError) -> UnsafeRawBufferPointer? {
        var scanned = start
        while true {
            if let stop = find(from: scanned) {
                scanned = stop + 1
                if joinsLines, continues(before: stop) { continue }
                defer { start = scanned }
                return slice(start..<stop)
            }
            scanned = end - start
            guard try refill() else { break }
        }
        guard start < end else { return nil }
        defer { start = end }
        return slice(start..<end)
    }

    private func find(from index: Int) -> Int? {
        guard let base = window.baseAddress, let found = memchr(base + index, Int32(newline), end - index) else {
            return nil
        }
        return base.distance(to: found)
    }

    private func continues(before stop: Int) -> Bool {
        var last = stop - 1
        if last >= start, window[last] == UInt8(ascii: "\r") { last -= 1 }
        return last >= start && window[last] == UInt8(ascii: "\\")
    }

    private func slice(_ range: Range<Int>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: window[range])
    }

    /// Moves the unread rest to the front of the window and reads on behind it; false at the end of the file.
    private mutating func refill() throws(ReadError) -> Bool {
        try budget.checkTime()
        let rest = end - start
        if rest == window.count { try grow() }
        window.copyMemory(from: slice(start..<end))
        start = 0
        end = rest
        let count = try file.read(at: offset, into: UnsafeMutableRawBufferPointer(rebasing: window[end...]))
        if offset == 0 { chooseNewline(in: slice(0..<count)) }
        offset += count
        end += count
        return count > 0
    }

    private mutating func grow() throws(ReadError) {
        guard window.count < Self.longest else { throw .tooLarge("A line is longer than \(Self.longest) bytes.") }
        let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: window.count * 4, alignment: 16)
        larger.copyMemory(from: UnsafeRawBufferPointer(window))
        window.deallocate()
        window = larger
    }

    private mutating func chooseNewline(in bytes: UnsafeRawBufferPointer) {
        guard let first = bytes.firstIndex(where: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }) else {
            return
        }
        let isPair = first + 1 < bytes.count && bytes[first + 1] == UInt8(ascii: "\n")
        newline = isPair ? UInt8(ascii: "\n") : bytes[first]
    }
}
