/// What the header of one part says: the name of its field and, for a file, what the client calls it.
struct MultipartHead: Equatable {
    /// The name of the form's field.
    let name: String
    /// As the client tells it, perhaps empty or with a path: for display only. Nil for a plain field.
    let filename: String?
    let contentType: String?
}

extension MultipartHead {
    /// Reads header lines separated by CR LF, without the empty line that ends them.
    init(block: [UInt8]) throws(MultipartError) {
        let fields = try Self.fields(of: block)
        guard let text = fields["content-disposition"] else { throw .nameMissing }
        guard let disposition = MultipartParameters(text) else { throw .headerMalformed }
        guard disposition.value == "form-data" else { throw .notFormData }
        guard let name = disposition["name"] else { throw .nameMissing }
        try Self.checkEncoding(fields["content-transfer-encoding"])

        self.name = MultipartText.ofBrowser(name)
        // RFC 6266 §4.3: the extended form wins where it can be read.
        filename =
            disposition["filename*"].flatMap(MultipartText.extended)
            ?? disposition["filename"].map(MultipartText.ofBrowser)
        contentType = fields["content-type"].map { String(decoding: $0, as: UTF8.self) }
    }

    /// Names in lower case with their trimmed values. A field given twice could be read two ways: refused.
    private static func fields(of block: [UInt8]) throws(MultipartError) -> [String: [UInt8]] {
        var fields: [String: [UInt8]] = [:]
        for line in try lines(of: block) {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex,
                line[..<colon].allSatisfy({ (0x21...0x7E).contains($0) })
            else { throw .headerMalformed }
            let name = String(decoding: line[..<colon], as: UTF8.self).lowercased()
            let value = MultipartText.trimmed(line[(colon + 1)...])
            guard fields.updateValue(Array(value), forKey: name) == nil else { throw .headerMalformed }
        }
        return fields
    }

    /// The lines, those that begin with a blank joined to the one before (RFC 5322 §2.2.3).
    private static func lines(of block: [UInt8]) throws(MultipartError) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        var rest = block[...]
        while !rest.isEmpty {
            let line = rest.prefix { $0 != 0x0D }
            rest = rest.dropFirst(line.count)
            guard rest.isEmpty || rest.starts(with: [0x0D, 0x0A]) else { throw .headerMalformed }
            rest = rest.dropFirst(2)
            if line.contains(0x0A) { throw .bareLineFeed }
            guard line.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else { throw .headerMalformed }
            if let first = line.first, MultipartText.isBlank(first), !lines.isEmpty {
                lines[lines.count - 1] += line
            } else {
                lines.append(Array(line))
            }
        }
        return lines
    }

    /// Encodings are deprecated (RFC 7578 §4.7), and a base64 file taken for its bytes would be a broken model.
    private static func checkEncoding(_ encoding: [UInt8]?) throws(MultipartError) {
        guard let encoding else { return }
        let name = String(decoding: encoding, as: UTF8.self).lowercased()
        guard ["7bit", "8bit", "binary"].contains(name) else { throw .encodedPart }
    }
}
