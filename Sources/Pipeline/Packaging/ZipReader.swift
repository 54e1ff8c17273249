package import SystemPackage

/// A stranger's zip archive, read by its central directory and believed in nothing that was not checked.
///
/// Refused as a whole, before a byte is unpacked: names that leave their folder or that two systems read differently,
/// names that are the same where case or trailing dots do not count, links and devices, encrypted files, files that
/// overlap or whose two headers disagree, and more than `ZipCaps` allow. Stored and deflated files are read, ZIP64 too.
/// All calls block.
package struct ZipReader: Sendable {
    /// The files, in the archive's order. Folders are not listed.
    package let members: [ZipMember]
    private let file: ZipFile
    private let places: [String: Int]

    package init(_ path: FilePath, caps: ZipCaps = ZipCaps()) throws(ZipFault) {
        file = try ZipFile(path)
        let index = try Self.index(of: file)
        let headers = try Self.headers(in: file, index, caps)
        members = try ZipLayout(headers: headers, end: index.start, caps: caps).members(in: file)
        places = Dictionary(uniqueKeysWithValues: members.enumerated().map { ($1.name, $0) })
    }

    /// By its exact name.
    package subscript(name: String) -> ZipMember? { places[name].map { members[$0] } }

    /// The content of a member, piece by piece. Any number of streams may be under way at a time.
    package func stream(_ member: ZipMember) throws(ZipFault) -> ZipStream {
        try ZipStream(of: member, in: file)
    }

    /// The whole content of a member of at most `limit` bytes.
    package func read(_ member: ZipMember, limit: Int) throws(ZipFault) -> [UInt8] {
        guard member.size <= limit else {
            throw .tooLarge("\(ZipFault.shown(member.name)) in the zip archive is larger than \(limit) bytes.")
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(member.size))
        var stream = try stream(member)
        while let piece = try stream.next() { bytes.append(contentsOf: piece) }
        return bytes
    }

    private static func index(of file: ZipFile) throws(ZipFault) -> ZipIndex {
        let size = Int(min(file.size, 65_535 + 98))
        return try ZipIndex(tail: file.bytes(at: file.size - Int64(size), count: size), size: file.size)
    }

    private static func headers(in file: ZipFile, _ index: ZipIndex, _ caps: ZipCaps) throws(ZipFault) -> [ZipHeader] {
        guard index.count <= caps.entries, index.size <= caps.entries * (caps.name + 1024) else {
            throw .tooLarge("The zip archive has more than \(caps.entries) files.")
        }
        let bytes = try file.bytes(at: index.start, count: Int(index.size))
        var headers: [ZipHeader] = []
        var offset = 0
        for _ in 0..<index.count {
            let header = try ZipHeader(ZipRecord(bytes[offset...]), caps: caps)
            offset += header.length
            guard offset <= bytes.count else { throw .broken("its list of files is cut short") }
            headers.append(header)
        }
        guard offset == bytes.count else { throw .broken("its list of files is longer than it says") }
        return headers
    }
}
