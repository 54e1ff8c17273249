/// The content of one file of an archive, unpacked piece by piece and checked against what the archive promised.
package struct ZipStream: ~Copyable {
    private static let pieceSize = 64 * 1024

    private let file: ZipFile
    private let member: ZipMember
    private let piece: UnsafeMutableRawBufferPointer
    private var inflater: Inflater?
    private var position: Int64
    private var packedLeft: Int64
    private var left: Int64
    private var checksum = ZipChecksum()

    init(of member: ZipMember, in file: ZipFile) throws(ZipFault) {
        // Before the memory, which would not be given back when this throws.
        inflater = member.isStored ? nil : try Inflater()
        self.file = file
        self.member = member
        position = member.start
        packedLeft = member.compressedSize
        left = member.size
        piece = .allocate(byteCount: Self.pieceSize, alignment: 16)
    }

    deinit { piece.deallocate() }

    /// The next bytes, valid until the next call; nil at the end, once size and CRC-32 have proved right. Blocks.
    package mutating func next() throws(ZipFault) -> UnsafeRawBufferPointer? {
        guard let bytes = try unpacked() else {
            guard left == 0, checksum.value == member.checksum else {
                throw .broken("\(ZipFault.shown(member.name)) is damaged")
            }
            return nil
        }
        left -= Int64(bytes.count)
        guard left >= 0 else { throw .broken("\(ZipFault.shown(member.name)) is larger than it says") }
        checksum.add(bytes)
        return bytes
    }

    private mutating func unpacked() throws(ZipFault) -> UnsafeRawBufferPointer? {
        if inflater == nil { return try packed() }
        while true {
            if let bytes = try inflater?.pull() { return bytes }
            if inflater?.isEnded == true {
                guard inflater?.isHungry == true, packedLeft == 0 else {
                    throw .broken("something follows the data of \(ZipFault.shown(member.name))")
                }
                return nil
            }
            guard let more = try packed() else { throw .broken("\(ZipFault.shown(member.name)) is cut short") }
            inflater?.push(more)
        }
    }

    /// The next bytes as they lie in the archive.
    private mutating func packed() throws(ZipFault) -> UnsafeRawBufferPointer? {
        guard packedLeft > 0 else { return nil }
        let wanted = UnsafeMutableRawBufferPointer(rebasing: piece.prefix(Int(clamping: packedLeft)))
        try file.load(wanted, at: position)
        position += Int64(wanted.count)
        packedLeft -= Int64(wanted.count)
        return UnsafeRawBufferPointer(wanted)
    }
}
