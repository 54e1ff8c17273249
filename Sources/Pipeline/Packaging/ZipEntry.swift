/// One file of an archive and the three records that tell of it (APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.9, 4.3.12).
///
/// A stored file has its sizes in front. A deflated one has them behind it, in a data descriptor, so that it is
/// compressed once and the archive may go into a pipe; readers that go by the central directory know both.
struct ZipEntry {
    let name: [UInt8]
    let modified: ZipTime
    let isStored: Bool
    let size: UInt64
    /// Where its local header begins.
    let offset: UInt64
    /// Whether its sizes take 8 bytes. Decided before the compressed size is known.
    let isLarge: Bool
    /// Whether its offset takes 8 bytes.
    let isFar: Bool
    var compressedSize: UInt64 = 0
    var checksum: UInt32 = 0

    var localHeader: [UInt8] {
        let size = isStored ? size : 0
        var bytes: [UInt8] = []
        bytes.put(0x0403_4B50 as UInt32)
        putCommon(into: &bytes, checksum: isStored ? checksum : 0, size: size, compressedSize: size)
        bytes.put(UInt16(isLarge ? 20 : 0))
        bytes += name
        if isLarge { bytes.putZip64([size, size]) }
        return bytes
    }

    /// Follows the bytes of a deflated file.
    var dataDescriptor: [UInt8] {
        var bytes: [UInt8] = []
        bytes.put(0x0807_4B50 as UInt32)
        bytes.put(checksum)
        for size in [compressedSize, size] {
            if isLarge { bytes.put(size) } else { bytes.put(UInt32(size)) }
        }
        return bytes
    }

    var centralHeader: [UInt8] {
        let large = (isLarge ? [size, compressedSize] : []) + (isFar ? [offset] : [])
        var bytes: [UInt8] = []
        bytes.put(0x0201_4B50 as UInt32)
        bytes.put(3 << 8 | version)  // made by a Unix, so that the mode below counts
        putCommon(into: &bytes, checksum: checksum, size: size, compressedSize: compressedSize)
        bytes.put(UInt16(large.isEmpty ? 0 : 4 + 8 * large.count))
        bytes.put(0 as UInt16)  // comment
        bytes.put(0 as UInt16)  // disk
        bytes.put(0 as UInt16)  // internal attributes
        bytes.put(0o100644 << 16 as UInt32)
        bytes.put(isFar ? UInt32.max : UInt32(offset))
        bytes += name
        if !large.isEmpty { bytes.putZip64(large) }
        return bytes
    }

    /// The version of APPNOTE needed to read it.
    private var version: UInt16 { isLarge || isFar ? 45 : 20 }

    /// The fields, from the version to the length of the name, that both headers share.
    private func putCommon(into bytes: inout [UInt8], checksum: UInt32, size: UInt64, compressedSize: UInt64) {
        bytes.put(version)
        bytes.put(isStored ? 0x0800 : 0x0808 as UInt16)  // the name is UTF-8; a data descriptor follows
        bytes.put(isStored ? 0 : 8 as UInt16)
        bytes.put(modified.field)
        bytes.put(checksum)
        bytes.put(isLarge ? UInt32.max : UInt32(compressedSize))
        bytes.put(isLarge ? UInt32.max : UInt32(size))
        bytes.put(UInt16(name.count))
    }
}
