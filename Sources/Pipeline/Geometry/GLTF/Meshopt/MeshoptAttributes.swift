/// Decodes elements of any kind, whose bytes are stored column by column as differences to the element before.
///
/// Source: Khronos, EXT_meshopt_compression, appendix A, mode 0.
struct MeshoptAttributes {
    private var input: MeshoptBytes
    private let stride: Int
    /// The element before the next one.
    private var last: [UInt8]
    private var elements: [UInt8]

    private static let header: UInt8 = 0xA0
    /// No stream is smaller than this part of what it becomes: two bits for a group of sixteen bytes.
    private static let densest = 64

    /// The caller bounds `count * stride`.
    static func decode(
        _ bytes: [UInt8], count: Int, stride: Int, budget: ReadBudget
    ) throws(ReadError) -> [UInt8] {
        guard count * stride / densest <= bytes.count else { throw MeshoptBytes.broken }
        var decoder = try MeshoptAttributes(bytes, count: count, stride: stride)
        let block = min(8192 / stride & ~15, 256)
        var first = 0
        while first < count {
            try budget.checkTime()
            let end = min(first + block, count)
            for column in 0..<stride { try decoder.decode(column, of: first..<end) }
            first = end
        }
        guard decoder.input.left == 0 else { throw MeshoptBytes.broken }
        return decoder.elements
    }

    private init(_ bytes: [UInt8], count: Int, stride: Int) throws(ReadError) {
        input = try MeshoptBytes(bytes, header: Self.header, tail: max(stride, 32))
        self.stride = stride
        last = Array(bytes.suffix(stride))
        elements = [UInt8](repeating: 0, count: count * stride)
    }

    /// One byte of every element of a block.
    private mutating func decode(_ column: Int, of block: Range<Int>) throws(ReadError) {
        let groups = (block.count + 15) / 16
        let modes = try input.skip((groups + 3) / 4)
        var value = last[column]
        for group in 0..<groups {
            let differences = try differences(input[modes + group / 4] >> (2 * UInt8(group & 3)) & 3)
            let first = block.lowerBound + 16 * group
            var place = first * stride + column
            for element in 0..<min(16, block.upperBound - first) {
                let difference = differences[element]
                value &+= difference & 1 == 0 ? difference >> 1 : ~(difference >> 1)
                elements[place] = value
                place += stride
            }
        }
        last[column] = value
    }

    /// Of the next group, by its mode.
    private mutating func differences(_ mode: UInt8) throws(ReadError) -> SIMD16<UInt8> {
        switch mode {
        case 0: return .zero
        case 1: return try packed(bits: 2)
        case 2: return try packed(bits: 4)
        default:
            let place = try input.skip(16)
            var differences = SIMD16<UInt8>.zero
            for element in 0..<16 { differences[element] = input[place + element] }
            return differences
        }
    }

    /// Few bits for each, the first ones highest; all ones stand for a byte behind the group.
    private mutating func packed(bits: Int) throws(ReadError) -> SIMD16<UInt8> {
        let place = try input.skip(2 * bits)
        let sentinel = UInt8(1 << bits - 1)
        var differences = SIMD16<UInt8>.zero
        for element in 0..<16 {
            let bit = element * bits
            let code = input[place + bit / 8] >> UInt8(8 - bits - bit % 8) & sentinel
            differences[element] = code == sentinel ? try input.byte() : code
        }
        return differences
    }
}
