/// Compressed bytes read from front to back: behind the header byte and up to the tail, which is of fixed size.
struct MeshoptBytes {
    private let bytes: [UInt8]
    private let end: Int
    private var place = 1

    init(_ bytes: [UInt8], header: UInt8, tail: Int) throws(ReadError) {
        guard bytes.count > tail, bytes.first == header else { throw Self.broken }
        self.bytes = bytes
        end = bytes.count - tail
    }

    static let broken = ReadError.invalid("The compressed data of the glTF is broken.")

    /// Up to the tail.
    var left: Int { end - place }
    var tail: ArraySlice<UInt8> { bytes[end...] }

    /// Steps over bytes that are looked at by their place, which is the answer.
    @inline(__always)
    mutating func skip(_ count: Int) throws(ReadError) -> Int {
        guard count <= left else { throw Self.broken }
        defer { place += count }
        return place
    }

    @inline(__always)
    subscript(place: Int) -> UInt8 { bytes[place] }

    @inline(__always)
    mutating func byte() throws(ReadError) -> UInt8 { bytes[try skip(1)] }

    /// A number in groups of seven bits, the lowest first; at most five groups, of which 32 bits count.
    mutating func number() throws(ReadError) -> UInt32 {
        var number: UInt32 = 0
        for shift in stride(from: UInt32(0), through: 28, by: 7) {
            let byte = try byte()
            number |= UInt32(byte & 0x7F) << shift
            if byte < 0x80 { return number }
        }
        throw Self.broken
    }
}

extension UInt32 {
    /// A difference whose sign is in the lowest bit, in two's complement.
    @inline(__always)
    var unzigzagged: UInt32 { self & 1 == 0 ? self >> 1 : ~(self >> 1) }
}

extension [UInt8] {
    /// Little-endian, cut to `size` bytes.
    @inline(__always)
    mutating func append(_ index: UInt32, size: Int) {
        append(UInt8(truncatingIfNeeded: index))
        append(UInt8(truncatingIfNeeded: index >> 8))
        guard size == 4 else { return }
        append(UInt8(truncatingIfNeeded: index >> 16))
        append(UInt8(truncatingIfNeeded: index >> 24))
    }
}
