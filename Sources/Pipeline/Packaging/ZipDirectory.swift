/// The central directory of an archive and what ends it (APPNOTE 4.3.12, 4.3.14 to 4.3.16).
struct ZipDirectory {
    private(set) var headers: [UInt8] = []
    private(set) var count: UInt64 = 0

    mutating func add(_ entry: ZipEntry) {
        headers += entry.centralHeader
        count += 1
    }

    /// The records behind the headers, which begin at `offset`.
    func end(at offset: UInt64, limits: ZipLimits) -> [UInt8] {
        let size = UInt64(headers.count)
        let isLarge = count >= limits.entries || size >= limits.bytes || offset >= limits.bytes
        var bytes = isLarge ? zip64End(at: offset, size: size) : []
        bytes.put(0x0605_4B50 as UInt32)
        bytes.put(0 as UInt32)  // disks
        for _ in 1...2 { bytes.put(isLarge ? UInt16.max : UInt16(count)) }
        bytes.put(isLarge ? UInt32.max : UInt32(size))
        bytes.put(isLarge ? UInt32.max : UInt32(offset))
        bytes.put(0 as UInt16)  // comment
        return bytes
    }

    private func zip64End(at offset: UInt64, size: UInt64) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.put(0x0606_4B50 as UInt32)
        bytes.put(44 as UInt64)  // what follows of this record
        bytes.put(3 << 8 | 45 as UInt16)
        bytes.put(45 as UInt16)
        bytes.put(0 as UInt64)  // disks
        for field in [count, count, size, offset] { bytes.put(field) }
        bytes.put(0x0706_4B50 as UInt32)  // the locator
        bytes.put(0 as UInt32)
        bytes.put(offset + size)
        bytes.put(1 as UInt32)
        return bytes
    }
}
