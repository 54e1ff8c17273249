/// How the formats of drawings that are only looked at are known.
extension Detect {
    static func svg(_ content: Content) -> Evidence { root("svg", of: content) }

    /// The header line of ISO 32000-1, section 7.5.2.
    static func pdf(_ content: Content) -> Evidence {
        content.head.starts(with: "%PDF-".utf8) ? .certain : .none
    }

    /// The signature, then the header chunk (PNG specification, sections 5.2 and 5.6).
    static func png(_ content: Content) -> Evidence {
        let isSigned = content.head.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        return isSigned && content.head.dropFirst(12).starts(with: "IHDR".utf8) ? .certain : .none
    }
}
