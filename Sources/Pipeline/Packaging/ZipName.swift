/// What a file may be called inside an archive, so that it unpacks below the folder it is unpacked in, everywhere.
enum ZipName {
    /// Refuses empty, `.` and `..` components (so also absolute names and folders), backslashes (separators on
    /// Windows), drive letters, control characters, and more than the 65,535 bytes of APPNOTE 4.4.10.
    static func check(_ name: String) throws(ZipError) {
        let components = name.split(separator: "/", omittingEmptySubsequences: false)
        let bytes = Array(name.utf8)
        let hasDrive = bytes.count >= 2 && bytes[1] == UInt8(ascii: ":")
        guard !components.contains(where: { ["", ".", ".."].contains($0) }), !hasDrive, bytes.count <= 0xFFFF,
            bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\\") })
        else { throw .nameRefused(name) }
    }

    /// Whether deflate would only burn time: the format is compressed already.
    static func isCompressed(_ name: String) -> Bool {
        let suffix = name.split(separator: ".", omittingEmptySubsequences: false).dropFirst().last
        return suffix.map { compressed.contains($0.lowercased()) } ?? false
    }

    private static let compressed: Set = [
        "3mf", "basis", "gz", "jpeg", "jpg", "ktx2", "png", "usdz", "webp", "zip",
    ]
}
