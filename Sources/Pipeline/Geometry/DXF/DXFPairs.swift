/// The pairs of lines that a DXF is made of: a group code, then a value whose kind the code tells.
struct DXFPairs: ~Copyable {
    struct Pair {
        let code: Int
        var value: TextCursor
    }

    private var lines: ModelLines

    init(_ file: ModelFile, budget: ReadBudget) { lines = ModelLines(file, budget: budget) }

    /// The value lasts until the next call; `nil` at the end of the file.
    mutating func next() throws(ReadError) -> Pair? {
        guard let line = try lines.next() else { return nil }
        var cursor = TextCursor(line)
        if cursor.isAtEnd() { return try atBlankLine() }
        guard let code = cursor.integer(), cursor.isAtEnd(), (-5...1071).contains(code) else {
            throw .invalid("The DXF has something else where a group code should be.")
        }
        guard let value = try lines.next() else { throw .cutOff }
        return Pair(code: code, value: TextCursor(value))
    }

    /// Blank lines may follow the last pair, and nothing else.
    private mutating func atBlankLine() throws(ReadError) -> Pair? {
        guard try lines.nextRow() == nil else { throw .invalid("The DXF lacks a group code.") }
        return nil
    }
}

extension TextCursor {
    /// Whatever is left of the line, without blanks around it.
    mutating func rest() -> String {
        guard !isAtEnd() else { return "" }
        var end = bytes.count
        // Control characters are no blanks at the front, so that nothing may be left between.
        while end > position, bytes[end - 1] <= 32 { end -= 1 }
        return String(decoding: bytes[position..<end], as: UTF8.self)
    }
}
