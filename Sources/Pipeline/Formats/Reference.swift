/// Something outside a model file that the file names, and whether a tool may be allowed to go there.
package struct Reference: Hashable, Sendable {
    package enum Kind: String, Sendable { case buffer, image, material, texture, program, part, other }

    package enum Verdict: Hashable, Sendable {
        /// The data is in the reference itself (a `data:` URI).
        case embedded
        /// A path below the model's folder, decoded, with `/` and without `.` or empty parts.
        case inside(String)
        /// Leaves the model's folder, or cannot be judged; the text completes "the reference …" ("is an absolute path").
        case unsafe(String)
    }

    package let kind: Kind
    /// As written, for people: at most 200 characters, control characters as U+FFFD.
    package let text: String
    package let verdict: Verdict
    /// The path as it is spelled, percent signs and backslashes left alone, where that is another than the one that is
    /// meant: there are tools that look for just that.
    let literal: String?

    /// Whether there is no geometry without it: a buffer of glTF, a program or part that a program takes in.
    package var isNeeded: Bool {
        switch kind {
        case .buffer, .program, .part: true
        case .image, .material, .texture, .other: false
        }
    }

    init(_ kind: Kind, _ written: some Sequence<UInt8>, _ verdict: Verdict) {
        self.kind = kind
        self.verdict = verdict
        let scalars = String(decoding: Array(written).prefix(1024), as: UTF8.self).unicodeScalars
        let shown = scalars.prefix(200).map { $0.properties.generalCategory == .control ? "\u{FFFD}" : $0 }
        text = DisplayName.visible(String(String.UnicodeScalarView(shown)))
        literal = Self.literal(Array(written), verdict)
    }
}

extension Reference {
    private static func literal(_ written: [UInt8], _ verdict: Verdict) -> String? {
        guard case .inside(let path) = verdict, let spelled = String(validating: written, as: UTF8.self) else {
            return nil
        }
        let literal = spelled.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
        return literal == path ? nil : literal
    }
}

/// How a reference is spelled.
enum Spelling {
    /// A URI reference (RFC 3986) as in glTF, percent-encoded UTF-8.
    case uri
    /// A plain path as in OBJ, in UTF-8 or Latin-1.
    case path
}

extension Reference.Verdict {
    private static let mostBytes = 1024
    private static let mostDecodings = 4

    /// Judges what is written, and also everything that it decodes to when a reader decodes once more than it should.
    static func of(_ written: [UInt8], as spelling: Spelling, isCut: Bool = false) -> Self {
        if spelling == .uri, written.starts(with: "data:".utf8) { return ofData(written) }
        if isCut || written.count > mostBytes { return .unsafe("is longer than \(mostBytes) bytes") }
        var forms = [written]
        while let decoded = percentDecoded(forms[forms.count - 1]) {
            guard forms.count <= mostDecodings else { return .unsafe("is percent-encoded over and over") }
            forms.append(decoded)
        }
        if let why = forms.lazy.compactMap(objection).first { return .unsafe(why) }
        let meant = spelling == .uri && forms.count > 1 ? forms[1] : written
        return inside(meant, spelling)
    }

    private static func inside(_ bytes: [UInt8], _ spelling: Spelling) -> Self {
        let latin = spelling == .path ? String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) })) : nil
        guard let path = String(validating: bytes, as: UTF8.self) ?? latin else { return .unsafe("is not UTF-8") }
        let parts = path.split { $0 == "/" || $0 == "\\" }.filter { $0 != "." }
        return parts.isEmpty ? .unsafe("names no file") : .inside(parts.joined(separator: "/"))
    }

    /// RFC 2397: a media type with parameters, a comma, the data. Any other `data:` might be taken for a path.
    private static func ofData(_ written: [UInt8]) -> Self {
        guard let comma = written.firstIndex(of: 0x2C) else { return .unsafe("is a data URI without data") }
        let header = written[..<comma]
        let isClean =
            header.firstRange(of: "..".utf8) == nil && header.allSatisfy { $0 > 0x20 && $0 != 0x7F && $0 != 0x5C }
        return isClean ? .embedded : .unsafe("is a malformed data URI")
    }

    /// Why this spelling may lead out of the folder; nil where it cannot.
    private static func objection(_ bytes: [UInt8]) -> String? {
        if bytes.isEmpty { return "is empty" }
        if bytes.contains(where: { $0 < 0x20 || $0 == 0x7F }) { return "holds control characters" }
        let path = bytes.map { $0 == 0x5C ? 0x2F : $0 }
        if path.starts(with: "//".utf8) { return "names a network path" }
        if path.first == 0x2F { return "is an absolute path" }
        if path.split(separator: 0x2F).contains(where: { $0.elementsEqual("..".utf8) }) {
            return "climbs out of its folder"
        }
        return scheme(path).map { $0.count == 1 ? "names a drive" : "names a place elsewhere (\($0):)" }
    }

    /// The scheme of a URI (RFC 3986, section 3.1), in lower case.
    private static func scheme(_ path: [UInt8]) -> String? {
        guard let colon = path.firstIndex(of: 0x3A), let first = path.first, isLetter(first) else { return nil }
        let scheme = path[..<colon]
        guard scheme.allSatisfy({ isLetter($0) || PlainText.isDigit($0) || $0 == 0x2B || $0 == 0x2D || $0 == 0x2E })
        else { return nil }
        return String(decoding: PlainText.lowercased(scheme.prefix(20)), as: UTF8.self)
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

    /// Every `%XX` replaced, other percent signs left; nil where there is none to replace.
    private static func percentDecoded(_ bytes: [UInt8]) -> [UInt8]? {
        var decoded: [UInt8] = []
        var rest = bytes[...]
        while let byte = rest.popFirst() {
            if byte == 0x25, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16),
                rest.count >= 2,
                rest.first != 0x2B, rest.first != 0x2D
            {
                decoded.append(value)
                rest.removeFirst(2)
            } else {
                decoded.append(byte)
            }
        }
        return decoded.count == bytes.count ? nil : decoded
    }
}
