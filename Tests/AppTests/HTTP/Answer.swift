import HTTPTypes

/// The response to one request, complete.
struct Answer: Sendable {
    struct Malformed: Error {
        let text: String
    }

    let status: HTTPResponse.Status
    let headers: HTTPFields
    let body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }
}

extension Answer {
    /// Reads to the end of the connection. Interim responses are passed over.
    init(from client: RawClient) throws {
        var bytes: [UInt8] = []
        while let more = client.receive() { bytes += more }
        try self.init(bytes[...])
    }

    init(_ bytes: ArraySlice<UInt8>) throws {
        guard let end = bytes.firstRange(of: [13, 10, 13, 10]) else { throw Malformed(text: Self.text(bytes)) }
        let lines = Self.text(bytes[..<end.lowerBound]).split(separator: "\r\n")
        let words = lines.first?.split(separator: " ", maxSplits: 2) ?? []
        guard words.count >= 2, let code = Int(words[1]) else { throw Malformed(text: Self.text(bytes)) }
        guard code >= 200 else {
            self = try Answer(bytes[end.upperBound...])
            return
        }
        status = HTTPResponse.Status(code: code, reasonPhrase: words.dropFirst(2).first.map(String.init) ?? "")
        headers = try Self.fields(lines.dropFirst())
        body = try Self.body(bytes[end.upperBound...], headers)
    }

    private static func fields(_ lines: some Sequence<Substring>) throws -> HTTPFields {
        var fields = HTTPFields()
        for line in lines {
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let name = HTTPField.Name(String(parts[0])) else {
                throw Malformed(text: String(line))
            }
            fields.append(HTTPField(name: name, value: String(parts[1].drop { $0 == " " })))
        }
        return fields
    }

    /// In chunks where it says so (RFC 9112 section 7.1), else as it stands.
    private static func body(_ bytes: ArraySlice<UInt8>, _ headers: HTTPFields) throws -> [UInt8] {
        guard headers[.transferEncoding] == "chunked" else { return Array(bytes) }
        var body: [UInt8] = []
        var rest = bytes
        while let end = rest.firstRange(of: [13, 10]), let size = Int(text(rest[..<end.lowerBound]), radix: 16) {
            guard size > 0 else { return body }
            body += rest[end.upperBound...].prefix(size)
            rest = rest[end.upperBound...].dropFirst(size + 2)
        }
        throw Malformed(text: text(rest))
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes, as: UTF8.self)
    }
}
