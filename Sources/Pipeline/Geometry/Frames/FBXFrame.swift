/// The frame of an FBX file: `UnitScaleFactor` (in centimetres) and `UpAxis` of its global settings.
///
/// Both kinds write them as a property record of name, type, label, flags and value; the binary kind puts a type letter
/// before each (`S` and a 32-bit length for text, `D` for a double, `I` for a 32-bit integer, little-endian).
enum FBXFrame {
    private static let centimetre = 0.01
    /// The global settings stand near the beginning.
    private static let searched = 4 << 20

    /// A centimetre and Y-up where the file does not say otherwise, which is the format's default.
    static func told(by file: ModelFile) throws(ReadError) -> Frame {
        let bytes = try file.load(0..<min(file.size, searched))
        let isBinary = bytes.starts(with: "Kaydara FBX Binary".utf8)
        let factor = value(of: "UnitScaleFactor", in: bytes, isBinary: isBinary).flatMap { $0 > 0 ? $0 : nil }
        return Frame(
            metresPerUnit: (factor ?? 1) * centimetre, up: up(value(of: "UpAxis", in: bytes, isBinary: isBinary)))
    }

    /// 0, 1, 2 for x, y, z.
    private static func up(_ axis: Double?) -> UpAxis? {
        switch axis {
        case nil, 1: .y
        case 2: .z
        default: nil
        }
    }

    /// A finite number. The name is looked for as a whole: others end or begin with it.
    private static func value(of name: String, in bytes: [UInt8], isBinary: Bool) -> Double? {
        let length = UInt32(name.utf8.count)
        let before = isBinary ? (0..<4).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } : [UInt8(ascii: "\"")]
        let after = isBinary ? [UInt8(ascii: "S")] : [UInt8(ascii: "\"")]
        guard let found = bytes.firstRange(of: before + Array(name.utf8) + after) else { return nil }
        let value = isBinary ? binaryValue(bytes[(found.upperBound - 1)...]) : lastNumber(bytes[found.upperBound...])
        return value.flatMap { $0.isFinite ? $0 : nil }
    }

    private static func binaryValue(_ bytes: ArraySlice<UInt8>) -> Double? {
        var rest = bytes
        while let letter = rest.popFirst() {
            switch letter {
            case UInt8(ascii: "S"):
                guard let length: UInt32 = integer(&rest), length < 64, length <= rest.count else { return nil }
                rest = rest.dropFirst(Int(length))
            case UInt8(ascii: "D"):
                let bits: UInt64? = integer(&rest)
                return bits.map(Double.init(bitPattern:))
            case UInt8(ascii: "I"):
                let number: UInt32? = integer(&rest)
                return number.map(Double.init)
            default: return nil
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
    private static func lastNumber(_ bytes: ArraySlice<UInt8>) -> Double? {
        let line = bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        let value = line.split(separator: UInt8(ascii: ",")).last.map { String(decoding: $0, as: UTF8.self) }
        return value.flatMap { Double($0.filter { !$0.isWhitespace }) }
    }
}
