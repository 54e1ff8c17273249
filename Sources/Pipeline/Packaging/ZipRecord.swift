/// Bytes of an archive as little-endian fields; whatever lies outside of them is a fault.
struct ZipRecord {
    private let bytes: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

    var count: Int { bytes.count }

    func short(_ offset: Int) throws(ZipFault) -> UInt16 { UInt16(truncatingIfNeeded: try number(offset, 2)) }

    func long(_ offset: Int) throws(ZipFault) -> UInt32 { UInt32(truncatingIfNeeded: try number(offset, 4)) }

    func wide(_ offset: Int) throws(ZipFault) -> UInt64 { try number(offset, 8) }

    func slice(_ offset: Int, _ length: Int) throws(ZipFault) -> [UInt8] {
        guard offset <= bytes.count, length <= bytes.count - offset else { throw Self.short }
        return Array(bytes[(bytes.startIndex + offset)...].prefix(length))
    }

    /// What is left behind the first `offset` bytes.
    func dropping(_ offset: Int) -> ZipRecord { ZipRecord(bytes.dropFirst(offset)) }

    private func number(_ offset: Int, _ width: Int) throws(ZipFault) -> UInt64 {
        try slice(offset, width).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static let short = ZipFault.broken("it ends in the middle of a record")
}

/// The ZIP64 extra field (APPNOTE 4.5.3): the values of the fields that were too narrow, in their order.
struct ZipWideFields {
    private let values: [UInt64]

    /// From all extra fields of a header. Those of other kinds are skipped; some writers pad the end with zeros.
    init(_ extra: [UInt8]) throws(ZipFault) {
        var rest = ZipRecord(extra[...])
        var values: [UInt64] = []
        while rest.count >= 4 {
            let kind = try rest.short(0), length = Int(try rest.short(2))
            let field = ZipRecord(try rest.slice(4, length)[...])
            if kind == 0x0001 {
                guard values.isEmpty else { throw .broken("a size is told twice") }
                for index in 0..<length / 8 { values.append(try field.wide(index * 8)) }
            }
            rest = rest.dropping(4 + length)
        }
        self.values = values
    }

    /// The values of narrow fields that stand in this order: their own, or, where all bits are set, the next wide one.
    func values(for narrow: [UInt32]) throws(ZipFault) -> [Int64] {
        var rest = values[...]
        var found: [Int64] = []
        for field in narrow {
            if field != .max {
                found.append(Int64(field))
            } else {
                guard let wide = rest.popFirst(), wide <= UInt64(Int64.max) / 4 else {
                    throw .broken("a size is missing or beyond all measure")
                }
                found.append(Int64(wide))
            }
        }
        return found
    }
}
