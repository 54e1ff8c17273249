import Glibc

/// The bytes that end a part (`CR LF "--" boundary`, RFC 2046 §5.1.1) and the search for them.
struct MultipartDelimiter {
    private let bytes: [UInt8]
    /// By the last byte of a stretch as long as the delimiter: how far the delimiter may be moved on if it is not there.
    private let leaps: [UInt8]

    /// `boundary` has at most 70 bytes.
    init(boundary: String) {
        let bytes = Array("\r\n--\(boundary)".utf8)
        var leaps = [UInt8](repeating: UInt8(bytes.count), count: 256)
        for (index, byte) in bytes.dropLast().enumerated() { leaps[Int(byte)] = UInt8(bytes.count - 1 - index) }
        self.bytes = bytes
        self.leaps = leaps
    }

    var count: Int { bytes.count }

    /// What lies at the start of a stretch of the body.
    enum Prefix {
        case whole, begun, none
    }

    func prefix(of body: UnsafeRawBufferPointer) -> Prefix {
        guard let start = body.baseAddress else { return .begun }
        let length = min(bytes.count, body.count)
        guard memcmp(start, bytes, length) == 0 else { return .none }
        return length == bytes.count ? .whole : .begun
    }

    /// How many bytes of `body` come before the delimiter, or before a tail that may be the beginning of one.
    ///
    /// Leaps over the body in steps of up to the delimiter's length (Boyer-Moore-Horspool), so that most bytes are
    /// never looked at, and a file full of line breaks costs no more than another.
    func distance(in body: UnsafeRawBufferPointer) -> Int {
        guard let start = body.baseAddress else { return 0 }
        let length = bytes.count
        var offset = 0
        while offset + length <= body.count {
            if body[offset] == bytes[0], memcmp(start + offset, bytes, length) == 0 { return offset }
            offset += Int(leaps[Int(body[offset + length - 1])])
        }
        while offset < body.count {
            if case .begun = prefix(of: UnsafeRawBufferPointer(rebasing: body[offset...])) { return offset }
            offset += 1
        }
        return body.count
    }
}
