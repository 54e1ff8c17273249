import SystemPackage

/// The unit of an FBX file: `UnitScaleFactor` of its global settings, in centimetres.
///
/// Both kinds write it as a property record of name, type, label, flags and value; the binary kind puts a type letter
/// before each (`S` and a 32-bit length for text, `D` for a double, little-endian).
enum FBXUnit {
    private static let centimetre = 0.01
    private static let property = Array("UnitScaleFactor".utf8)
    /// The global settings stand near the beginning.
    private static let searched: Int = 4 << 20

    /// A centimetre where the file does not say otherwise, which is the format's default.
    static func metres(in file: FilePath) -> Double {
        // A file that cannot be read is the tool's to complain about.
        guard let descriptor = try? FileDescriptor.open(file, .readOnly, options: .closeOnExec) else {
            return centimetre
        }
        let bytes = try? descriptor.closeAfter { try Content(descriptor).bytes(at: 0, count: searched) }
        return bytes.flatMap { factor(in: $0[...]) }.map { $0 * centimetre } ?? centimetre
    }

    static func factor(in bytes: ArraySlice<UInt8>) -> Double? {
        guard let name = bytes.firstRange(of: property) else { return nil }
        let rest = bytes[name.upperBound...]
        let factor = bytes.starts(with: "Kaydara FBX Binary".utf8) ? double(after: rest) : number(in: rest)
        return factor.flatMap { $0.isFinite && $0 > 0 ? $0 : nil }
    }

    private static func double(after bytes: ArraySlice<UInt8>) -> Double? {
        var rest = bytes
        while rest.popFirst() == UInt8(ascii: "S") {
            guard let length: UInt32 = integer(&rest), length < 64, length <= rest.count else { return nil }
            rest = rest.dropFirst(Int(length))
            guard rest.first != UInt8(ascii: "D") else {
                rest = rest.dropFirst()
                let bits: UInt64? = integer(&rest)
                return bits.map(Double.init(bitPattern:))
            }
        }
        return nil
    }

    private static func integer<Number: FixedWidthInteger>(_ bytes: inout ArraySlice<UInt8>) -> Number? {
        let width = Number.bitWidth / 8
        guard bytes.count >= width else { return nil }
        defer { bytes = bytes.dropFirst(width) }
        return bytes.prefix(width).reversed().reduce(0) { $0 << 8 | Number($1) }
    }

    /// The last value of the line.
    private static func number(in bytes: ArraySlice<UInt8>) -> Double? {
        let line = bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        let value = line.split(separator: UInt8(ascii: ",")).last.map { String(decoding: $0, as: UTF8.self) }
        return value.flatMap { Double($0.filter { !$0.isWhitespace }) }
    }
}
