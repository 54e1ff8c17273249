/// The members of an archive against each other: no two in one place, no two with one name.
struct ZipLayout {
    private let headers: [ZipHeader]
    /// Where the central directory begins, which ends the content.
    private let end: Int64

    init(headers: [ZipHeader], end: Int64, caps: ZipCaps) throws(ZipFault) {
        let (total, isBeyond) = headers.reduce((Int64(0), false)) { sum, header in
            let (next, isBeyond) = sum.0.addingReportingOverflow(header.member.size)
            return (next, isBeyond || sum.1)
        }
        guard !isBeyond, total <= caps.bytes else {
            throw .tooLarge("The zip archive would unpack to more than \(caps.bytes) bytes.")
        }
        self.headers = headers
        self.end = end
        try checkNames()
    }

    /// The files with the places of their content, once each has been seen to lie apart from the others.
    func members(in file: ZipFile) throws(ZipFault) -> [ZipMember] {
        var members: [ZipMember] = []
        var extents: [Range<Int64>] = []
        for header in headers {
            var member = header.member
            member.start = try Self.start(of: member, in: file)
            guard member.compressedSize <= end - member.start else { throw .broken("it points beyond its end") }
            extents.append(member.offset..<member.start + member.compressedSize)
            if !header.isFolder { members.append(member) }
        }
        extents.sort { $0.lowerBound < $1.lowerBound }
        for (one, next) in zip(extents, extents.dropFirst()) where one.upperBound > next.lowerBound {
            throw .refused("Files in the zip archive share their bytes, as in an archive that is a trap.")
        }
        return members
    }

    /// Reads the local header (APPNOTE 4.3.7), which must say the same as the central one.
    private static func start(of member: ZipMember, in file: ZipFile) throws(ZipFault) -> Int64 {
        let fixed = ZipRecord(try file.bytes(at: member.offset, count: 30)[...])
        let nameLength = Int(try fixed.short(26)), extraLength = Int(try fixed.short(28))
        let rest = ZipRecord(try file.bytes(at: member.offset + 30, count: nameLength + extraLength)[...])
        let (signature, flags, method) = (try fixed.long(0), try fixed.short(6), try fixed.short(8))
        var agrees = signature == 0x0403_4B50 && method == (member.isStored ? 0 : 8)
        agrees = agrees && flags & 0x2049 == (member.isDeferred ? 8 : 0)
        let name = try rest.slice(0, nameLength)
        agrees = agrees && name == member.rawName
        if agrees, !member.isDeferred {
            let wide = try ZipWideFields(try rest.slice(nameLength, extraLength))
            let sizes = try wide.values(for: [try fixed.long(22), try fixed.long(18)])
            let checksum = try fixed.long(14)
            agrees = checksum == member.checksum && sizes == [member.size, member.compressedSize]
        }
        guard agrees else { throw .broken("its two headers of \(ZipFault.shown(member.name)) disagree") }
        return member.offset + 30 + Int64(nameLength + extraLength)
    }

    /// No name twice, and no file where another has its folder, also where case, normalisation and trailing dots and
    /// blanks do not count.
    private func checkNames() throws(ZipFault) {
        var files: Set<String> = []
        var folders: Set<String> = []
        for header in headers {
            let name = ZipName.folded(header.member.name)
            let isNew = header.isFolder ? true : files.insert(name).inserted
            guard isNew else {
                throw .refused("The zip archive has two files named \(ZipFault.shown(header.member.name)).")
            }
            folders.formUnion(ZipName.folders(of: name))
            if header.isFolder { folders.insert(name) }
        }
        if let both = files.intersection(folders).min() {
            throw .refused("\(ZipFault.shown(both)) in the zip archive is both a file and a folder.")
        }
    }
}
