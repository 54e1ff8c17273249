/// The names of a stranger's archive: decoded, and checked for more than our own need.
extension ZipName {
    /// Without the slash that ends a folder's. Names that are not UTF-8 are in code page 437 (APPNOTE, appendix D).
    static func read(_ raw: [UInt8], isUTF8: Bool, caps: ZipCaps) throws(ZipFault) -> String {
        let bytes = raw.last == 0x2F ? raw.dropLast() : raw[...]
        guard let name = String(validating: bytes, as: UTF8.self) ?? (isUTF8 ? nil : codePage437(bytes)) else {
            throw .refused("A name in the zip archive is not UTF-8, though it says so.")
        }
        try checkStrictly(name, caps)
        return name
    }

    /// What may stand below a folder of ours: what `check` lets through, without other control characters, in at most
    /// `caps.depth` parts of at most 255 bytes.
    static func checkStrictly(_ name: String, _ caps: ZipCaps) throws(ZipFault) {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        let isPlain = DisplayName.visible(name).unicodeScalars.count == name.unicodeScalars.count
        // Why it was refused is told in other words here.
        guard (try? check(name)) != nil, isPlain else {
            throw .refused("The name \(ZipFault.shown(name)) could lead out of the folder it is unpacked in.")
        }
        guard parts.count <= caps.depth, name.utf8.count <= caps.name, parts.allSatisfy({ $0.utf8.count <= 255 }) else {
            throw .refused(
                "The name \(ZipFault.shown(name)) is too long, or has more than \(caps.depth) folders in it.")
        }
    }

    /// Whether a file may be made under that name below a folder of ours, where a backslash is a letter like any other.
    static func isPlace(_ name: String) -> Bool {
        // Why not is of no interest.
        (try? checkStrictly(String(name.map { $0 == "\\" ? "_" : $0 }), ZipCaps())) != nil
    }

    /// As systems read it to which case, trailing dots and trailing blanks mean nothing.
    static func folded(_ name: String) -> String {
        name.lowercased().split(separator: "/", omittingEmptySubsequences: false).map { part in
            String(part.reversed().drop { $0 == "." || $0 == " " }.reversed())
        }.joined(separator: "/")
    }

    /// The folders on the way to a file: `a` and `a/b` for `a/b/c`.
    static func folders(of name: String) -> [String] {
        name.indices.filter { name[$0] == "/" }.map { String(name[..<$0]) }
    }

    private static func codePage437(_ bytes: ArraySlice<UInt8>) -> String {
        String(String.UnicodeScalarView(bytes.map { $0 < 0x80 ? Unicode.Scalar($0) : upperHalf[Int($0) - 0x80] }))
    }

    private static let upperHalf = Array(
        ("ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀"
            + "αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{A0}").unicodeScalars)
}
