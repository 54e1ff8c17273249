/// GLB: the length of the whole and of its chunks (glTF 2.0, chapter 4.4).
extension Plausibility {
    private static let header: Int64 = 12
    private static let chunkHeader: Int64 = 8
    private static let binaryChunk: Int64 = 0x004E_4942
    /// What follows more chunks than this is not looked at.
    private static let mostChunks = 64

    func checkGLB() throws {
        guard content.head.little32(at: 4) == 2, let total = content.head.little32(at: 8) else { return }
        guard total <= content.size else { throw ImpossibleFile.crowded("\(total) bytes", size: content.size) }
        let chunks = try chunks(upTo: total)
        guard let json = chunks.first?.range else { return }
        let binary = chunks.dropFirst().first { $0.kind == Self.binaryChunk }
        try checkGLTF(json, binary: binary?.range.count ?? 0)
    }

    private func chunks(upTo total: Int64) throws -> [(kind: Int64, range: Range<Int64>)] {
        var chunks: [(kind: Int64, range: Range<Int64>)] = []
        var position = Self.header
        while position + Self.chunkHeader <= total, chunks.count < Self.mostChunks {
            let words = try content.bytes(at: position, count: Int(Self.chunkHeader))
            guard let length = words.little32(at: 0), let kind = words.little32(at: 4) else { break }
            let start = position + Self.chunkHeader
            guard length <= total - start else {
                throw ImpossibleFile.outOfBounds("Chunk \(chunks.count + 1) of the GLB")
            }
            chunks.append((kind, start..<start + length))
            position = start + length
            // Where the next one begins is anybody's guess then.
            guard position.isMultiple(of: 4) || position + Self.chunkHeader > total else {
                throw ImpossibleFile.malformed("A chunk of the GLB has a length that is no multiple of 4.")
            }
        }
        return chunks
    }
}
