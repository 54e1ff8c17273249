/// The name under which a client keeps a download (RFC 6266): an ASCII one for old clients, the true one in the form of
/// RFC 8187. Names come from strangers; what could do harm where the file lands is taken out first.
struct ContentDisposition: CustomStringConvertible {
    /// In Unicode scalars.
    static let longestName = 200
    private static let longestExtension = 16

    let filename: String

    init(attachment filename: String) {
        self.filename = Self.harmless(filename)
    }

    var description: String {
        "attachment; filename=\"\(Self.ascii(filename))\"; filename*=UTF-8''\(Self.encoded(filename))"
    }

    /// Without control and invisible characters, path separators, characters that shells and Windows treat as special,
    /// and dots or blanks at either end; at most `longestName` long, of which the extension is kept.
    static func harmless(_ name: String) -> String {
        var scalars = name.unicodeScalars.filter(isVisible).map { special.contains($0) ? "_" : $0 }
        while let last = scalars.last, isPadding(last) { scalars.removeLast() }
        scalars = Array(scalars.drop(while: isPadding))
        if scalars.count > longestName { scalars = shortened(scalars) }
        return scalars.isEmpty ? "download" : text(scalars)
    }

    private static let special = Set<Unicode.Scalar>(["/", "\\", ":", "*", "?", "\"", "<", ">", "|", "%"])

    private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse, .surrogate: false
        // The joiners are letters' neighbours in Persian, and what holds many an emoji together.
        case .format: scalar == "\u{200C}" || scalar == "\u{200D}"
        default: true
        }
    }

    private static func isPadding(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "." || scalar.properties.isWhitespace || scalar.properties.generalCategory == .format
    }

    private static func shortened(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
        guard let dot = scalars.lastIndex(of: "."), scalars.count - dot <= longestExtension else {
            return Array(scalars.prefix(longestName))
        }
        let ending = scalars[dot...]
        return Array(scalars[..<dot].prefix(longestName - ending.count) + ending)
    }

    private static func ascii(_ name: String) -> String {
        String(name.map { $0.isASCII ? $0 : "_" })
    }

    /// `value-chars` of RFC 8187: letters, digits and a few marks as they are, the other bytes of UTF-8 as `%XX`.
    private static func encoded(_ name: String) -> String {
        var text = ""
        for byte in name.utf8 {
            let scalar = Unicode.Scalar(byte)
            if scalar.properties.isAlphabetic && scalar.isASCII
                || "0123456789!#$&+-.^_`|~".unicodeScalars.contains(scalar)
            {
                text.unicodeScalars.append(scalar)
            } else {
                text += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
            }
        }
        return text
    }

    private static func text(_ scalars: [Unicode.Scalar]) -> String {
        var text = ""
        text.unicodeScalars.append(contentsOf: scalars)
        return text
    }
}
