/// The boundary parameter of a request's Content-Type.
extension MultipartParser {
    /// The boundary in `multipart/form-data; boundary=...`, quoted or not, 1 to 70 visible characters (RFC 2046 §5.1.1).
    ///
    /// Characters that the RFC leaves out are let through: clients send them, and they do no harm.
    static func boundary(ofContentType contentType: String) throws(MultipartError) -> String {
        let type = contentType.utf8.prefix { $0 != UInt8(ascii: ";") }
        guard MultipartText.lowercased(MultipartText.trimmed(ArraySlice(type))) == "multipart/form-data" else {
            throw .notMultipart
        }
        guard let parameters = MultipartParameters(contentType.utf8) else { throw .boundaryInvalid }
        guard let boundary = parameters["boundary"] else { throw .boundaryMissing }
        guard (1...70).contains(boundary.count), boundary.last != 0x20,
            boundary.allSatisfy({ (0x20...0x7E).contains($0) })
        else { throw .boundaryInvalid }
        return String(decoding: boundary, as: UTF8.self)
    }
}
