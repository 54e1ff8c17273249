import SystemPackage

/// A package of a format (3MF, USDZ, a packed AMF) as the zip that it is: within the caps, without links, names that
/// lead elsewhere, or parts that overlap, and with XML that declares nothing of its own.
enum PackageCheck {
    /// Blocks. Throws `ZipFault`, `ImpossibleFile`, or `Errno`.
    static func check(_ file: FilePath, _ caps: ZipCaps) throws {
        let archive = try ZipReader(file, caps: caps)
        for member in archive.members where isMarkup(member.name.lowercased()) {
            var prolog = MarkupProlog(try Content(member, in: archive))
            try prolog.check()
        }
    }

    private static func isMarkup(_ name: String) -> Bool {
        [".model", ".rels", ".xml", ".amf"].contains(where: name.hasSuffix)
    }
}
