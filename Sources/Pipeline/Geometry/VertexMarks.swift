/// Which vertices are used by a face: one bit each, grown as needed.
struct VertexMarks {
    private var words: [UInt64] = []
    /// How many different vertices are marked.
    private(set) var count = 0

    /// The caller bounds `index`: memory grows with it.
    @inline(__always)
    mutating func mark(_ index: Int) {
        let word = index >> 6
        let bit = UInt64(1) << UInt64(index & 63)
        if word >= words.count { grow(to: word) }
        guard words[word] & bit == 0 else { return }
        words[word] |= bit
        count += 1
    }

    func contains(_ index: Int) -> Bool {
        let word = index >> 6
        return word < words.count && words[word] >> UInt64(index & 63) & 1 == 1
    }

    private mutating func grow(to word: Int) {
        words.append(contentsOf: repeatElement(0, count: word + 1 - words.count))
    }
}
