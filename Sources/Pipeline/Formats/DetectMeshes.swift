/// How meshes without an honest signature are known: STL, PLY and OFF.
extension Detect {
    /// Binary first, by its arithmetic, because many binary files open with `solid`; then ASCII.
    static func stl(_ content: Content) -> Evidence {
        max(binarySTL(content), asciiSTL(content))
    }

    static func ply(_ content: Content) -> Evidence {
        guard content.head.starts(with: "ply\n".utf8) || content.head.starts(with: "ply\r".utf8) else { return .none }
        return content.head.prefix(1024).firstRange(of: "format ".utf8) == nil ? .possible : .certain
    }

    /// `[ST][C][N][4][n]OFF [BINARY]`, then counts, on the same line or the next; comments begin with `#`.
    static func off(_ content: Content) -> Evidence {
        let lines = PlainText.lines(content.head.prefix(4096)).map { PlainText.words($0.prefix { $0 != 0x23 }) }
        let words = lines.joined().prefix(3)
        guard let keyword = words.first, isOFF(keyword) else { return .none }
        guard let next = words.dropFirst().first else { return .possible }
        return PlainText.isNumber(next) || next.elementsEqual("BINARY".utf8) ? .certain : .none
    }

    private static func isOFF(_ word: ArraySlice<UInt8>) -> Bool {
        var rest = word
        for prefix in ["ST", "C", "N", "4", "n"] where rest.starts(with: prefix.utf8) {
            rest = rest.dropFirst(prefix.utf8.count)
        }
        return rest.elementsEqual("OFF".utf8)
    }

    private static func asciiSTL(_ content: Content) -> Evidence {
        guard let text = content.text else { return .none }
        let keywords = PlainText.lines(text[...]).lazy.compactMap { PlainText.words($0).first }
        guard let first = keywords.first, PlainText.matches(first, "solid") else { return .none }
        let goesOn = keywords.dropFirst().contains {
            PlainText.matches($0, "facet") || PlainText.matches($0, "endsolid")
        }
        return goesOn ? .certain : .possible
    }

    /// 80 bytes of header, a count, 50 bytes per triangle. A size that fits is proof; one that does not (cut short, or
    /// with something appended) still goes with the name when the triangles look like some.
    private static func binarySTL(_ content: Content) -> Evidence {
        guard let count = content.head.little32(at: 80) else { return .none }
        if count > 0, 84 + 50 * count == content.size { return .certain }
        if count == 0 { return content.size == 84 ? .possible : .none }
        let facets = stride(from: 84, to: content.head.count - 49, by: 50).prefix(Int(clamping: count))
        return content.head.count >= 134 && facets.allSatisfy { isFacet(content.head, at: $0) } ? .possible : .none
    }

    /// Nine coordinates after the normal (which many writers leave as rubbish), all of a size that things have.
    private static func isFacet(_ head: [UInt8], at offset: Int) -> Bool {
        stride(from: offset + 12, to: offset + 48, by: 4).allSatisfy { position in
            guard let bits = head.little32(at: position) else { return false }
            let size = Float(bitPattern: UInt32(bits)).magnitude
            return size == 0 || (1e-20...1e20).contains(size)
        }
    }
}
