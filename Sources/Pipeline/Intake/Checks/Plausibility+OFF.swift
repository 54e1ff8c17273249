/// OFF: numbers of vertices and faces, as text or, after the word `BINARY`, in 32 bits each, high byte first.
extension Plausibility {
    func checkOFF() throws(ImpossibleFile) {
        let lines = PlainText.lines(content.head.prefix(4096)).map { PlainText.words($0.prefix { $0 != 0x23 }) }
        let words = lines.joined().prefix(4).map { String(decoding: $0, as: UTF8.self) }
        // Points of any number of dimensions say so before their counts.
        guard words.count >= 3, let keyword = words.first, !keyword.contains("n") else { return }
        if words[1] == "BINARY" {
            try checkBinary()
        } else {
            // Three digits and what ends them for a vertex, one for a face.
            try check(vertices: words[1], atLeast: 6, faces: words[2], atLeast: 2, slack: 2)
        }
    }

    private func checkBinary() throws(ImpossibleFile) {
        guard let start = content.head.firstRange(of: "BINARY\n".utf8)?.upperBound,
            let vertices = content.head.big32(at: start), let faces = content.head.big32(at: start + 4)
        else { return }
        try check(vertices: "\(vertices)", atLeast: 12, faces: "\(faces)", atLeast: 4, slack: 0)
    }

    private func check(
        vertices: String, atLeast vertexSize: Int, faces: String, atLeast faceSize: Int, slack: Int64
    ) throws(ImpossibleFile) {
        let size = content.size + slack
        for (text, row, kind) in [(vertices, vertexSize, "vertices"), (faces, faceSize, "faces")] {
            guard text.utf8.allSatisfy(PlainText.isDigit) else { continue }
            // More digits than a number can have are a number that is too large.
            guard let count = Int(text), !count.rows(of: row, exceed: size) else {
                throw .crowded("\(text.prefix(20)) \(kind)", size: content.size)
            }
        }
    }
}

extension [UInt8] {
    fileprivate func big32(at offset: Int) -> Int? {
        guard offset >= 0, offset + 4 <= count else { return nil }
        return self[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
    }
}
