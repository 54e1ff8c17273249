/// Where the parts of a GLB file are (glTF 2.0 specification, chapter 4).
struct GLBContainer {
    let json: Range<Int>
    let binary: Range<Int>?

    static let header = 12
    static let chunkHeader = 8
    static let magic: UInt32 = 0x4654_6C67
    static let jsonType: UInt32 = 0x4E4F_534A
    private static let binaryType: UInt32 = 0x004E_4942

    /// `nil` for another version than 2. Every chunk must lie in the file, and the last must end with it.
    static func read(_ file: ModelFile, budget: ReadBudget) throws(ReadError) -> GLBContainer? {
        guard file.size >= header + chunkHeader else { throw .invalid("The file is too short for a GLB.") }
        let words = try file.words(at: 0, count: 5)
        guard words[0] == magic else { throw .invalid("This is not a GLB file.") }
        guard words[1] == 2 else { return nil }
        guard Int(words[2]) == file.size else {
            throw .invalid("The GLB says it has \(words[2]) bytes, but has \(file.size).")
        }
        let json = try chunk(at: header, length: words[3], in: file)
        guard words[4] == jsonType else { throw .invalid("The GLB does not begin with JSON.") }
        return GLBContainer(json: json, binary: try findBinary(after: json, in: file, budget: budget))
    }

    /// The second chunk, if it is the binary one. Others are checked for their place only.
    private static func findBinary(
        after json: Range<Int>, in file: ModelFile, budget: ReadBudget
    ) throws(ReadError) -> Range<Int>? {
        var binary: Range<Int>?
        var position = json.upperBound
        while position < file.size {
            try budget.checkTime()
            let words = try file.words(at: position, count: 2)
            let chunk = try chunk(at: position, length: words[0], in: file)
            if position == json.upperBound, words[1] == binaryType { binary = chunk }
            position = chunk.upperBound
        }
        return binary
    }

    private static func chunk(at position: Int, length: UInt32, in file: ModelFile) throws(ReadError) -> Range<Int> {
        let start = position + chunkHeader
        guard Int(length) <= file.size - start else { throw .invalid("A chunk of the GLB does not fit into the file.") }
        return start..<start + Int(length)
    }
}

extension ModelFile {
    /// Little-endian 32-bit numbers.
    fileprivate func words(at offset: Int, count: Int) throws(ReadError) -> [UInt32] {
        let bytes = try load(offset..<offset + 4 * count)
        return (0..<count).map { word in
            bytes[4 * word..<4 * word + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
        }
    }
}
