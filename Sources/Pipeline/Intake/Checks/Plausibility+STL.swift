/// Binary STL: 80 bytes, a count, 50 bytes for each triangle. Text has no counts.
extension Plausibility {
    func checkSTL() throws(ImpossibleFile) {
        guard !isTextSTL, let triangles = content.head.little32(at: 80) else { return }
        if Int(triangles).rows(of: STLReader.record, exceed: content.size - Int64(STLReader.header)) {
            throw .crowded("\(triangles) triangles", size: content.size)
        }
    }

    /// The head of a binary file may begin with the same word, but is no text.
    private var isTextSTL: Bool {
        guard let text = content.text else { return false }
        return PlainText.matches(text.drop(while: PlainText.isBlank).prefix(5), "solid")
    }
}
