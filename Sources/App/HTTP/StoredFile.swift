import HTTPTypes

/// A finished file as the HTTP side sees it: what to say about it, and a way to its bytes that names no path.
struct StoredFile: Sendable {
    /// Lower-case hexadecimal; the file's strong entity tag.
    let sha256: String
    /// In bytes.
    let size: Int64
    let mediaType: String
    /// The name to offer, as a client gave it: any text at all.
    let filename: String
    /// Seconds since 1970.
    let modified: Int64
    /// Reads into the buffer from an offset, blocking, and returns the number of bytes read: 0 at the end of the file.
    let read: @Sendable (_ into: UnsafeMutableRawBufferPointer, _ offset: Int64) throws -> Int
    /// All of its bytes, where they are few and already here.
    var small: [UInt8]?
}

extension StoredFile {
    var tag: String { "\"\(sha256)\"" }

    /// What tells one version of the file from another, for a client that may have it already.
    var validators: HTTPFields {
        [
            .eTag: tag,
            .lastModified: HTTPDate(seconds: modified).description,
            .cacheControl: "private, no-cache",
        ]
    }

    var fields: HTTPFields {
        var fields = validators
        fields[.acceptRanges] = "bytes"
        fields[.contentType] = mediaType
        fields[.contentDisposition] = ContentDisposition(attachment: filename).description
        fields[.contentSecurityPolicy] = "sandbox"
        fields[.xContentTypeOptions] = "nosniff"
        return fields
    }

    func fields(of range: ClosedRange<Int64>) -> HTTPFields {
        var fields = fields
        fields[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound)/\(size)"
        return fields
    }
}
