/// The rows of a PNG as they are unpacked, two at a time: all that is needed to see whether they are all one colour.
///
/// Of interlaced pictures only the length of the data is looked at.
struct PNGCanvas: ~Copyable {
    private let header: PNGHeader
    private var inflater: Inflater
    private var row: [UInt8]
    private var above: [UInt8]
    /// Bytes of the row at hand that are there; the first is its filter.
    private var filled = 0
    private var filter: UInt8 = 0
    private var rows = 0
    /// Whether all pixels so far are like the first.
    private(set) var isPlain = true
    private var first: [UInt8] = []

    private static let broken = ReadError.invalid("The picture in the PNG is broken.")

    init(_ header: PNGHeader) throws(ReadError) {
        self.header = header
        inflater = try ReadError.of { () throws(ZipFault) in try Inflater(isWrapped: true) }
        row = [UInt8](repeating: 0, count: header.stride)
        above = row
        if header.isInterlaced { isPlain = false }
    }

    var isComplete: Bool { inflater.isEnded && (header.isInterlaced || rows == header.height) }

    mutating func add(_ packed: UnsafeRawBufferPointer) throws(ReadError) {
        inflater.push(packed)
        while let piece = try unpacked() {
            if header.isInterlaced { continue }
            for byte in piece { try add(byte) }
        }
    }

    private mutating func unpacked() throws(ReadError) -> UnsafeRawBufferPointer? {
        do throws(ZipFault) { return try inflater.pull() } catch { throw Self.broken }
    }

    private mutating func add(_ byte: UInt8) throws(ReadError) {
        guard rows < header.height else { throw Self.broken }
        if filled == 0 { filter = byte } else { row[filled - 1] = byte }
        filled += 1
        guard filled == header.stride + 1 else { return }
        try unfilter()
        compare()
        swap(&row, &above)
        rows += 1
        filled = 0
    }

    /// Section 9.2: each byte was told as a difference to what its neighbours foretell.
    private mutating func unfilter() throws(ReadError) {
        guard filter <= 4 else { throw Self.broken }
        guard filter > 0 else { return }
        for index in row.indices {
            let left = index < header.step ? 0 : Int(row[index - header.step])
            let up = Int(above[index])
            let upLeft = index < header.step ? 0 : Int(above[index - header.step])
            let foretold =
                switch filter {
                case 1: left
                case 2: up
                case 3: (left + up) / 2
                default: Self.paeth(left, up, upLeft)
                }
            row[index] &+= UInt8(truncatingIfNeeded: foretold)
        }
    }

    private static func paeth(_ left: Int, _ up: Int, _ upLeft: Int) -> Int {
        let guess = left + up - upLeft
        let (a, b, c) = (abs(guess - left), abs(guess - up), abs(guess - upLeft))
        return a <= b && a <= c ? left : b <= c ? up : upLeft
    }

    /// Pixels of less than a byte are spread over one; what follows the last in its byte does not count.
    private mutating func compare() {
        guard isPlain else { return }
        let bits = header.bitsPerPixel
        if first.isEmpty {
            let pixel = row[0] >> UInt8(max(0, 8 - bits))
            let spread = stride(from: 0, to: 8, by: max(1, min(bits, 8))).reduce(UInt8(0)) { $0 | pixel << UInt8($1) }
            first = bits < 8 ? [spread] : Array(row[..<header.step])
        }
        let unused = UInt8(header.stride * 8 - header.width * bits)
        for index in row.indices {
            let difference = row[index] ^ first[index % header.step]
            let counts = index == row.count - 1 ? difference >> unused : difference
            if counts != 0 { isPlain = false }
        }
    }
}
