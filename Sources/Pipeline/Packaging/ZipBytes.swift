/// The building blocks of zip records: little-endian numbers and the ZIP64 extra field.
extension [UInt8] {
    mutating func put(_ number: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
    }

    /// The fields too large for their 4 bytes, in the order of APPNOTE 4.5.3.
    mutating func putZip64(_ fields: [UInt64]) {
        put(0x0001 as UInt16)
        put(UInt16(8 * fields.count))
        for field in fields { put(field) }
    }
}
