/// PLY: each element of the header takes at least so many bytes as its count and its properties say.
extension Plausibility {
    private static let longestHeader = 1 << 20

    func checkPLY() throws {
        guard let header = try plyHeader(), let element = header.shortage(size: Int(content.size)) else { return }
        throw ImpossibleFile.crowded(
            "\(element.count) elements named \(ZipFault.shown(element.name))", size: content.size)
    }

    /// Nil where it cannot be read: whether a tool can is its own affair.
    private func plyHeader() throws -> PLYHeader? {
        let bytes = try content.bytes(at: 0, count: Self.longestHeader)
        var header = PLYHeader()
        for line in PlainText.lines(bytes[...]).dropFirst() {
            header.end = line.endIndex + 1
            // A line that we do not know may be known to others.
            let goesOn = try? line.withUnsafeBytes { bytes throws(ReadError) in
                var cursor = TextCursor(bytes)
                return try header.read(&cursor)
            }
            guard let goesOn else { return nil }
            if !goesOn { return header }
        }
        return nil
    }
}
