/// A file in an archive that is being read, as the central directory tells of it.
package struct ZipMember: Hashable, Sendable {
    /// Relative, with `/`; safe to make below any folder.
    package let name: String
    /// Unpacked, in bytes. Promised: reading on beyond it fails.
    package let size: Int64
    let compressedSize: Int64
    let checksum: UInt32
    let isStored: Bool
    /// Whether the local header leaves checksum and sizes to a data descriptor.
    let isDeferred: Bool
    /// Where the local header begins.
    let offset: Int64
    /// Where the content begins.
    var start: Int64 = 0
    /// The name as it is written.
    let rawName: [UInt8]
}

/// One header of the central directory (APPNOTE 4.3.12), which may also be a folder's.
struct ZipHeader {
    let member: ZipMember
    /// Its name ends with a slash, which `member.name` lacks.
    let isFolder: Bool
    /// Bytes of the header with all that belongs to it.
    let length: Int

    init(_ record: ZipRecord, caps: ZipCaps) throws(ZipFault) {
        guard try record.long(0) == 0x0201_4B50 else { throw .broken("its list of files cannot be read") }
        let flags = try record.short(8), method = try record.short(10)
        let nameLength = Int(try record.short(28)), extraLength = Int(try record.short(30))
        length = 46 + nameLength + extraLength + Int(try record.short(32))
        let rawName = try record.slice(46, nameLength)
        let name = try ZipName.read(rawName, isUTF8: flags & 0x0800 != 0, caps: caps)
        let extra = try ZipWideFields(record.slice(46 + nameLength, extraLength))
        let wide = try extra.values(for: [try record.long(24), try record.long(20), try record.long(42)])
        isFolder = rawName.last == 0x2F
        try Self.check(name, flags: flags, method: method, disk: try record.short(34))
        try Self.check(name, attributes: try record.long(38), isFolder: isFolder)
        member = ZipMember(
            name: name, size: wide[0], compressedSize: wide[1], checksum: try record.long(16), isStored: method == 0,
            isDeferred: flags & 0x0008 != 0, offset: wide[2], rawName: rawName)
        try checkSizes(caps)
    }

    private static func check(_ name: String, flags: UInt16, method: UInt16, disk: UInt16) throws(ZipFault) {
        // Bits 0, 6 and 13: encrypted, strongly so, and with masked headers.
        if flags & 0x2041 != 0 { throw .refused("\(ZipFault.shown(name)) in the zip archive is encrypted.") }
        guard method == 0 || method == 8, flags & 0x0020 == 0 else {
            throw .refused(
                "\(ZipFault.shown(name)) in the zip archive is compressed in a way that is not read here. Use deflate.")
        }
        if disk != 0 { throw .refused("The zip archive is one part of several. Send it in one piece.") }
    }

    /// By the mode of Unix (upper half) and the attributes of Windows (lower), where their writer has set them.
    private static func check(_ name: String, attributes: UInt32, isFolder: Bool) throws(ZipFault) {
        let kind = attributes >> 16 & 0xF000
        let isReparsePoint = attributes & 0x0400 != 0
        guard !isReparsePoint, kind == 0 || kind == (isFolder ? 0x4000 : 0x8000) else {
            throw .refused("\(ZipFault.shown(name)) in the zip archive is a link or a device, not an ordinary file.")
        }
    }

    private func checkSizes(_ caps: ZipCaps) throws(ZipFault) {
        let (name, size, packed) = (ZipFault.shown(member.name), member.size, member.compressedSize)
        if isFolder, size != 0 { throw .broken("the folder \(name) has content") }
        if member.isStored, size != packed { throw .broken("the sizes of \(name) do not agree") }
        guard size <= caps.bytes else {
            throw .tooLarge("\(name) in the zip archive is larger than \(caps.bytes) bytes.")
        }
        if size > caps.ratioFrom, size / caps.ratio > packed {
            throw .tooLarge("\(name) in the zip archive would unpack to more than \(caps.ratio) times its packed size.")
        }
    }
}
