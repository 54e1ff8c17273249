/// Wavefront OBJ has no signature: it is known by its statements.
extension Detect {
    static func obj(_ content: Content) -> Evidence {
        guard let text = content.text else { return .none }
        let isWhole = content.size <= Int64(content.head.count)
        var tally = Tally()
        tally.count(PlainText.lines(text[...]).dropLast(isWhole ? 0 : 1))
        if !isWhole, tally.faces == 0 { tally.count(lastLines(of: content)) }
        if tally.vertices >= 3, tally.faces >= 1, tally.odd == 0 { return .certain }
        return tally.vertices + tally.faces + tally.other > tally.odd ? .possible : .none
    }

    /// Large files often have all their faces at the end. Unreadable ones show none, and the head decides.
    private static func lastLines(of content: Content) -> ArraySlice<ArraySlice<UInt8>> {
        let tail = try? content.bytes(at: content.size - 4096, count: 4096)
        return PlainText.lines((tail ?? [])[...]).dropFirst()
    }

    /// Statements by kind; `odd` are lines that no OBJ file has.
    private struct Tally {
        var vertices = 0, faces = 0, other = 0, odd = 0

        mutating func count(_ lines: ArraySlice<ArraySlice<UInt8>>) {
            var isContinued = false
            for line in lines {
                let words = PlainText.words(line)
                if !isContinued, let keyword = words.first, keyword.first != 0x23 {
                    count(keyword, words.dropFirst())
                }
                isContinued = words.last?.last == 0x5C
            }
        }

        private mutating func count(_ keyword: ArraySlice<UInt8>, _ values: ArraySlice<ArraySlice<UInt8>>) {
            let numbers = values.prefix(3).prefix(while: PlainText.isNumber).count
            switch String(decoding: keyword, as: UTF8.self) {
            case "v" where numbers == 3: vertices += 1
            case "f" where numbers > 0, "fo" where numbers > 0, "l" where numbers > 0, "p" where numbers > 0: faces += 1
            case let word where Self.keywords.contains(word): other += 1
            default: odd += 1
            }
        }

        /// The statements of the format's specification, version 3.0.
        private static let keywords: Set = [
            "vt", "vn", "vp", "g", "o", "s", "mg", "usemtl", "mtllib", "usemap", "maplib", "bevel", "c_interp",
            "d_interp", "lod", "shadow_obj", "trace_obj", "ctech", "stech", "cstype", "deg", "bmat", "step", "curv",
            "curv2", "surf", "parm", "trim", "hole", "scrv", "sp", "end", "con", "call", "csh",
        ]
    }
}
