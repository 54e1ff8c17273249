import Persistence

/// PNG: its size, with every chunk's sum checked and the picture unpacked. One that has the same colour everywhere shows
/// nothing: it has 0 entities.
///
/// Source: W3C, Portable Network Graphics, second edition.
struct PNGReader: ~Copyable {
    private var bytes: ModelBytes
    private let budget: ReadBudget
    private var checksum = ZipChecksum()

    private static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    private static let broken = ReadError.invalid("The PNG is broken.")

    static func measure(_ file: ModelFile, budget: ReadBudget) throws(ReadError) -> Geometry {
        var reader = PNGReader(bytes: ModelBytes(file, from: 0, budget: budget), budget: budget)
        return try reader.read()
    }

    private init(bytes: consuming ModelBytes, budget: ReadBudget) {
        self.bytes = bytes
        self.budget = budget
    }

    private mutating func read() throws(ReadError) -> Geometry {
        guard try bytes.take(8).elementsEqual(Self.signature) else { throw .invalid("This is not a PNG file.") }
        let (first, length) = try begin()
        guard first == "IHDR", length == 13 else { throw Self.broken }
        let header = try PNGHeader(Array(try take(13)))
        try end()
        try budget.spend(header.width, times: header.height)
        var canvas = try PNGCanvas(header)
        while true {
            let (type, length) = try begin()
            var left = length
            while left > 0 {
                let piece = try take(min(left, ModelBytes.largest))
                if type == "IDAT" { try canvas.add(piece) }
                left -= piece.count
            }
            try end()
            if type == "IEND" { break }
        }
        guard bytes.left == 0, canvas.isComplete else { throw Self.broken }
        return Geometry(entities: canvas.isPlain ? 0 : nil, pixels: [header.width, header.height])
    }

    /// The length and the type of the next chunk.
    private mutating func begin() throws(ReadError) -> (type: String, length: Int) {
        let length = try bytes.take(4).reduce(0) { $0 << 8 | Int($1) }
        guard length <= Int(Int32.max), length <= bytes.left else { throw .cutOff }
        checksum = ZipChecksum()
        return (String(decoding: try take(4), as: UTF8.self), length)
    }

    private mutating func take(_ count: Int) throws(ReadError) -> UnsafeRawBufferPointer {
        let piece = try bytes.take(count)
        checksum.add(piece)
        return piece
    }

    private mutating func end() throws(ReadError) {
        let sum = try bytes.take(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        guard sum == checksum.value else { throw Self.broken }
    }
}

/// What a PNG says of itself before its data.
struct PNGHeader {
    let width: Int
    let height: Int
    let bitsPerPixel: Int
    let isInterlaced: Bool

    init(_ bytes: [UInt8]) throws(ReadError) {
        width = bytes[..<4].reduce(0) { $0 << 8 | Int($1) }
        height = bytes[4..<8].reduce(0) { $0 << 8 | Int($1) }
        let channels = [0: 1, 2: 3, 3: 1, 4: 2, 6: 4][bytes[9]]
        guard let channels, [1, 2, 4, 8, 16].contains(bytes[8]), width > 0, height > 0, width < 1 << 20,
            height < 1 << 20,
            bytes[10] == 0, bytes[11] == 0, bytes[12] < 2
        else { throw .invalid("The PNG has an impossible size or kind of pixels.") }
        bitsPerPixel = channels * Int(bytes[8])
        isInterlaced = bytes[12] == 1
    }

    /// Bytes of a row, and of a pixel but at least one, as the filters count them.
    var stride: Int { (width * bitsPerPixel + 7) / 8 }
    var step: Int { max(1, bitsPerPixel / 8) }
}
