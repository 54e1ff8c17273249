/// Where the central directory of an archive lies, by the records at its end (APPNOTE 4.3.14 to 4.3.16).
///
/// The directory must reach exactly up to those records, and nothing may follow them: archives that two readers could
/// take for different ones are refused.
struct ZipIndex {
    let start: Int64
    let size: Int64
    let count: Int

    private static let endLength = 22, locatorLength = 20, wideEndLength = 56

    /// - Parameter tail: the end of the archive, at least its last 64 KB and 98 bytes where it has as many.
    init(tail: [UInt8], size fileSize: Int64) throws(ZipFault) {
        let position = try Self.end(in: tail)
        let end = ZipRecord(tail[position...])
        let offset = fileSize - Int64(tail.count)
        let disks = [try end.short(4), try end.short(6)]
        let counts = [try end.short(8), try end.short(10)]
        let narrow = try [UInt64(counts[1]), UInt64(end.long(12)), UInt64(end.long(16))]
        guard disks == [0, 0] || disks == [.max, .max], counts[0] == counts[1] else {
            throw .refused("The zip archive is one part of several. Send it in one piece.")
        }
        let wide = try Self.wideEnd(in: tail, before: position, offset: offset)
        if let wide, !Self.agree(narrow, wide.values) { throw .broken("its end tells two different stories") }
        let (values, limit) = wide ?? (narrow, offset + Int64(position))
        guard let start = Int64(exactly: values[2]), let size = Int64(exactly: values[1]),
            let count = Int(exactly: values[0]), start <= limit, size == limit - start
        else { throw .broken("its list of files is not where it should be") }
        (self.start, self.size, self.count) = (start, size, count)
    }

    /// A narrow field has all its bits set where only the wide one counts.
    private static func agree(_ narrow: [UInt64], _ wide: [UInt64]) -> Bool {
        zip(zip(narrow, [0xFFFF, 0xFFFF_FFFF, 0xFFFF_FFFF]), wide).allSatisfy { $0.0 == $0.1 || $0.0 == $1 }
    }

    /// The one record whose comment reaches to the end of the file.
    private static func end(in tail: [UInt8]) throws(ZipFault) -> Int {
        let candidates = tail.indices.dropLast(endLength - 1).filter { index in
            tail[index] == 0x50 && tail[index + 1] == 0x4B && tail[index + 2] == 0x05 && tail[index + 3] == 0x06
                && index + endLength + Int(tail[index + 20]) + Int(tail[index + 21]) << 8 == tail.count
        }
        guard let position = candidates.first else { throw .broken("its end is missing; perhaps it was cut short") }
        guard candidates.count == 1 else { throw .broken("it has more than one end") }
        return position
    }

    /// The wider record, where its locator stands right before the end record.
    private static func wideEnd(
        in tail: [UInt8], before end: Int, offset: Int64
    ) throws(ZipFault) -> (values: [UInt64], position: Int64)? {
        let locator = ZipRecord(tail[..<end].suffix(locatorLength))
        guard locator.count == locatorLength, try locator.long(0) == 0x0706_4B50 else { return nil }
        let position = try locator.wide(8)
        let place = end - locatorLength - wideEndLength
        guard place >= 0, position == UInt64(offset) + UInt64(place), try locator.long(4) == 0 else {
            throw .broken("its end is not where it should be")
        }
        let record = ZipRecord(tail[place...])
        guard try record.long(0) == 0x0606_4B50, try record.wide(4) == 44, try record.long(16) == 0,
            try record.long(20) == 0, try record.wide(24) == record.wide(32)
        else { throw .broken("its end cannot be read") }
        return ([try record.wide(32), try record.wide(40), try record.wide(48)], offset + Int64(place))
    }
}
