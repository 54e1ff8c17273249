/// glTF: what its JSON says of buffers, views, accessors and nodes.
extension Plausibility {
    /// Three bytes of JSON can become a record of over a hundred; a document of more is left to the tools' own limits.
    private static let mostRecords = 300_000
    private static let longest = Duration.seconds(20)

    /// - Parameter binary: bytes of the binary chunk of a GLB; nil for a glTF.
    func checkGLTF(_ json: Range<Int64>, binary: Int? = nil) throws {
        guard let digest = try GLTFDigest(content, json) else { return }
        let document: GLTFDocument
        do throws(ReadError) {
            let budget = ReadBudget(ReadCaps(time: Self.longest))
            document = try GLTFDocument(digest.bytes, budget: budget, recordsAtMost: Self.mostRecords)
        } catch {
            guard case .invalid(let sentence) = error else { return }
            throw ImpossibleFile.malformed(sentence)
        }
        guard !document.isOtherVersion else { return }
        let sizes = document.buffers.indices.map { size(of: document.buffers[$0], binary: $0 == 0 ? binary : nil) }
        try GLTFBounds(document: document, sizes: sizes).check()
        try document.checkForest()
    }

    /// How many bytes there are for a buffer; nil where that is not known.
    private func size(of buffer: GLTFDocument.Buffer, binary: Int?) -> Int? {
        guard let uri = buffer.uri else { return buffer.isFallback ? nil : binary }
        if uri.utf8.starts(with: "data:".utf8) { return GLTFDigest.mostBytes(ofData: uri) }
        return sizeOfFile(uri).map { Int($0) }
    }
}
