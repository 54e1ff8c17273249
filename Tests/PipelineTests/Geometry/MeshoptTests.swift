import Testing

@testable import Pipeline

/// Streams made by hand after the specification of `EXT_meshopt_compression`.
struct MeshoptTests {
    private let none = [UInt8](repeating: 0, count: 32)

    @Test func `differences of four bits are those of the specification's example`() throws {
        let example: [UInt8] = [0x17, 0x5F, 0xF0, 0xBC, 0x77, 0xA9, 0x21, 0x00, 0x34, 0xB5]
        let stream = MeshoptStream(.attributes, count: 16, [0xA0, 2] + example + [0, 0, 0] + none)
        let bytes = try stream.decoded()
        let values = stride(from: 0, to: 64, by: 4).map { Int(Int8(bitPattern: bytes[$0])) }
        let differences = zip(values, [0] + values).map { Int(Int8(truncatingIfNeeded: $0 - $1)) }
        #expect(differences == [-1, -4, -3, 26, -91, 0, -6, 6, -4, -4, 5, -5, 1, -1, 0, 0])
    }

    @Test func `differences of two bits begin at the baseline and at the highest bits`() throws {
        // 1, 2, 3 (that is a byte of its own), 0 in the zigzag code.
        let group: [UInt8] = [0b01_10_11_00, 0, 0, 0, 200]
        let baseline: [UInt8] = [10, 20, 30, 40]
        let stream = MeshoptStream(.attributes, count: 5, [0xA0, 1] + group + [0, 0, 0] + none[..<28] + baseline)
        #expect(try stream.decoded() == [9, 10, 110, 110, 110].flatMap { [$0, 20, 30, 40] })
    }

    @Test func `blocks go on where the last one ended`() throws {
        // 257 elements: a block of 16 groups, and one of a single element.
        let first: [UInt8] = [3, 0, 0, 0] + [2] + [UInt8](repeating: 0, count: 15)
        let still: [UInt8] = [0, 0, 0, 0]
        let second: [UInt8] = [3, 4] + [UInt8](repeating: 9, count: 15) + [0, 0, 0]
        let stream = MeshoptStream(
            .attributes, count: 257, [0xA0] + first + still + still + still + second + none)
        let bytes = try stream.decoded()
        #expect(bytes.count == 1028)
        #expect((bytes[0], bytes[1020], bytes[1024]) == (1, 1, 3))
    }

    @Test func `triangles are told in every way the specification knows`() throws {
        let codes: [UInt8] = [0xF0, 0x00, 0x12, 0x0F, 0x0D, 0x0E, 0xFE, 0xFF]
        let data: [UInt8] = [20, 0x1F, 5, 0, 2]
        let table = [UInt8](repeating: 0, count: 16)
        let stream = MeshoptStream(.triangles, count: 24, [0xE1] + codes + data + table)
        #expect(
            try stream.indices() == [
                0, 1, 2, 0, 2, 3, 3, 2, 1, 3, 1, 10, 3, 10, 9, 3, 9, 10, 4, 10, 7, 8, 0, 1,
            ])
    }

    @Test func `indices are differences to one of two before them`() throws {
        // +5 and −1 to the first, +300 (in two bytes) to the second, 0 to the first.
        let stream = MeshoptStream(.indices, count: 4, [0xD1, 20, 2, 0xB1, 0x09, 0, 0, 0, 0, 0])
        #expect(try stream.indices() == [5, 4, 300, 4])
    }

    @Test func `exponents become floats`() throws {
        let words: [UInt32] = [0xFF00_0006, 0x02FF_FFFF, 0, 0x0000_0001]
        let elements = words.map { Tetrahedron.little($0) }
        let bytes = try MeshoptStream(plain: elements, filter: .exponential).decoded()
        #expect(bytes == Tetrahedron.floats([3, -4, 0, 1]))
    }

    @Test(arguments: MeshoptStream.all) func `a stream cut anywhere is invalid`(_ stream: MeshoptStream) {
        for end in 0..<stream.bytes.count {
            let cut = MeshoptStream(view: stream.view, bytes: Array(stream.bytes[..<end]))
            #expect(throws: MeshoptBytes.broken) { try cut.decoded() }
        }
    }

    @Test(arguments: MeshoptStream.all) func `a stream of another version, or too long, is invalid`(
        _ stream: MeshoptStream
    ) {
        var newer = stream.bytes
        newer[0] ^= 3
        for bytes in [newer, stream.bytes + [0]] {
            #expect(throws: MeshoptBytes.broken) { try MeshoptStream(view: stream.view, bytes: bytes).decoded() }
        }
    }

    private static let headers: [(MeshoptView.Mode, UInt8)] = [
        (.attributes, 0xA0), (.triangles, 0xE1), (.indices, 0xD1),
    ]

    @Test(arguments: headers)
    func `more elements than the bytes can hold take no memory`(mode: MeshoptView.Mode, header: UInt8) {
        let stream = MeshoptStream(mode, count: 3 << 34, [header] + none)
        #expect(throws: MeshoptBytes.broken) { try stream.decoded() }
    }
}
