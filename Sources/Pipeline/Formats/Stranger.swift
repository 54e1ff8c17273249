/// What a file is when it is none of our formats, in words for the person who sent it.
enum Stranger {
    /// Always an answer: from the name of a well-known kind of file down to "unknown binary data".
    static func description(of content: Content) -> String {
        if content.size == 0 { return "an empty file" }
        if let kind = kind(of: content) { return kind }
        if content.head.allSatisfy({ $0 == 0 }) { return "nothing but zero bytes" }
        guard let text = content.text else { return "unknown binary data" }
        return text.allSatisfy(PlainText.isBlank) ? "nothing but white space" : "plain text"
    }

    /// A well-known kind of file, or nil.
    static func kind(of content: Content) -> String? {
        if let known = signatures.first(where: { content.head.dropFirst($0.at).starts(with: $0.bytes.utf8) }) {
            return known.kind
        }
        let bytes = content.head
        if let known = binarySignatures.first(where: { bytes.starts(with: $0.bytes) }) { return known.kind }
        if bytes.starts(with: "BM".utf8), bytes.little32(at: 2) == content.size { return "a BMP image" }
        if bytes.starts(with: "MZ".utf8), content.text == nil { return "a Windows program" }
        return markup(content) ?? content.text.flatMap(textKind)
    }

    private static func markup(_ content: Content) -> String? {
        switch Markup.root(of: content) {
        case nil: nil
        case "html": "an HTML page"
        case "svg": "an SVG drawing"
        case "": "an XML document"
        case let root?: "an XML document (\(root))"
        }
    }

    private static func textKind(_ text: [UInt8]) -> String? {
        let start = text.drop(while: PlainText.isBlank).prefix(4096)
        if start.first == 0x7B || start.first == 0x5B {
            let next = start.dropFirst().first { !PlainText.isBlank($0) }
            return next.map { "\"{[]}".utf8.contains($0) || PlainText.isDigit($0) } == true ? "a JSON document" : nil
        }
        if start.starts(with: "ISO-10303-21;".utf8) { return "an IFC building model" }
        let first = PlainText.lines(start).lazy.map(PlainText.trimmed).first { !$0.isEmpty && $0.first != 0x23 }
        return first?.starts(with: "newmtl".utf8) == true ? "a Wavefront material library (mtl)" : nil
    }

    /// Signatures that are text; the first that fits is told.
    private static let signatures: [(at: Int, bytes: String, kind: String)] = [
        (0, "%PDF-", "a PDF document"),
        (0, "GIF8", "a GIF image"),
        (8, "WEBP", "a WebP image"),
        (8, "WAVE", "a WAV sound"),
        (4, "ftyp", "an MP4 or HEIF file"),
        (0, "\u{7F}ELF", "an ELF program"),
        (0, "PK\u{3}\u{4}", "a zip archive"),
        (0, "PK\u{5}\u{6}", "an empty zip archive"),
        (0, "BZh", "a bzip2 archive"),
        (0, "Rar!", "a RAR archive"),
        (257, "ustar", "a tar archive"),
        (0, "SQLite format 3", "a SQLite database"),
        (0, "#!", "a script"),
        (0, "#VRML V", "a VRML scene"),
        (0, "#X3D V", "an X3D scene in VRML encoding"),
        (0, "3D Geometry File Format", "a Rhino model (3dm)"),
        (0, "**ABCDEFGHIJKLM", "a Parasolid model"),
        (0, "II*\u{0}", "a TIFF image"),
        (0, "MM\u{0}*", "a TIFF image"),
        (0, "8BPS", "a Photoshop image"),
    ]

    /// Signatures that are not.
    private static let binarySignatures: [(bytes: [UInt8], kind: String)] = [
        ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A], "a PNG image"),
        ([0xFF, 0xD8, 0xFF], "a JPEG image"),
        ([0x1F, 0x8B], "a gzip archive"),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "an xz archive"),
        ([0x28, 0xB5, 0x2F, 0xFD], "a zstd archive"),
        ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "a 7z archive"),
        ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1], "an OLE document"),
        ([0x89, 0x48, 0x44, 0x46], "an HDF5 file"),
        ([0xFF, 0xFE, 0xFF, 0x0E, 0x53, 0x00, 0x6B, 0x00], "a SketchUp model"),
        ([0xCA, 0xFE, 0xBA, 0xBE], "a program"),
        ([0x00, 0x61, 0x73, 0x6D], "a WebAssembly program"),
        ([0xCF, 0xFA, 0xED, 0xFE], "a macOS program"),
    ]
}
