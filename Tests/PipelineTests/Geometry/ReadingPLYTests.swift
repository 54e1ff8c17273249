import Persistence
import Testing

@testable import Pipeline

struct ReadingPLYTests {
    @Test func `a text PLY is measured`() throws {
        #expect(try measured(Tetrahedron.textPLY, as: .ply)?.shape == Tetrahedron.geometry)
    }

    @Test func `a text PLY with Windows line ends is measured`() throws {
        #expect(
            try measured(Tetrahedron.textPLY.replacing("\n", with: "\r\n"), as: .ply)?.shape == Tetrahedron.geometry)
    }

    @Test(arguments: [false, true]) func `a binary PLY is measured in both byte orders`(bigEndian: Bool) throws {
        #expect(try measured(Tetrahedron.binaryPLY(bigEndian: bigEndian), as: .ply)?.shape == Tetrahedron.geometry)
    }

    @Test func `all types of numbers are read, under both of their names`() throws {
        for (x, y, z, values) in [
            ("char", "uchar", "short", [[0xFF], [1], [0xFE, 0xFF]]),
            ("int8", "uint8", "int16", [[0xFF], [1], [0xFE, 0xFF]]),
            ("ushort", "int", "uint", [[1, 0], [1, 0, 0, 0], [2, 0, 0, 0]]),
            ("uint16", "int32", "uint32", [[1, 0], [1, 0, 0, 0], [2, 0, 0, 0]]),
        ] as [(String, String, String, [[UInt8]])] {
            let header = """
                ply
                format binary_little_endian 1.0
                element vertex 2
                property \(x) x
                property \(y) y
                property \(z) z
                end_header

                """
            let zeros = values.flatMap { $0.map { _ in UInt8(0) } }
            let cloud = try measured(Array(header.utf8) + zeros + values.joined(), as: .ply)
            #expect(cloud?.shape == Geometry(vertices: 2, triangles: 0, extents: [1, 1, 2]), "\(x) \(y) \(z)")
        }
    }

    @Test func `strips count their triangles and restart at a negative index`() throws {
        let text = Tetrahedron.textPLY
            .replacing("element face 4", with: "element tristrips 1")
            .replacing("3 0 2 1\n3 0 1 3\n3 0 3 2\n3 1 2 3\n", with: "8 0 1 2 3 -1 0 1 2\n")
        #expect(try measured(text, as: .ply)?.triangles == 3)
    }

    @Test func `a cloud of points has extents and no triangles`() throws {
        let text = "ply\nformat ascii 1.0\nelement vertex 2\nproperty float x\nproperty float y\nproperty float z\n"
        let cloud = try measured(text + "end_header\n0 0 0\n1 2 3", as: .ply)
        #expect(cloud?.shape == Geometry(vertices: 2, triangles: 0, extents: [1, 2, 3]))
    }

    @Test(arguments: [
        ("element vertex 4", "element vertex 5"), ("element vertex 4", "element vertex 3"),
        ("element vertex 4", "element vertex 999999999999999999"), ("element vertex 4", "element vertex -4"),
        ("element vertex 4", "element vertex 99999999999999999999"), ("element face 4", "element face 3"),
        ("element face 4", "element face 5"), ("3 1 2 3", "3 1 2 4"), ("3 1 2 3", "3 1 2 -1"), ("3 1 2 3", "9 1 2 3"),
        ("3 1 2 3", "2 1 2 3"), ("0 0 3 nan", "0 0 nan 1"), ("0 0 3 nan", "0 0 inf 1"),
        ("format ascii", "format ebcdic"),
        ("list uchar int", "list float int"), ("property float x", "property quad x"), ("end_header\n", ""),
        ("ply\n", "plx\n"), ("element vertex 4\n", ""), ("3 1 2 3\n", ""),
    ]) func `a text PLY that lies is invalid`(truth: String, lie: String) throws {
        #expect(Tetrahedron.textPLY.contains(truth))
        #expect(try isInvalid(Tetrahedron.textPLY.replacing(truth, with: lie, maxReplacements: 1), as: .ply))
    }

    @Test func `a binary PLY that is cut off anywhere is invalid`() throws {
        let bytes = Tetrahedron.binaryPLY()
        for end in 0..<bytes.count { #expect(try isInvalid(bytes[..<end], as: .ply)) }
    }

    @Test func `a binary PLY with more data than it tells of is invalid`() throws {
        #expect(try isInvalid(Tetrahedron.binaryPLY() + [1], as: .ply))
    }

    @Test func `a binary face that uses a vertex there is not is invalid`() throws {
        var bytes = Tetrahedron.binaryPLY()
        bytes[bytes.count - 4] = 4
        #expect(try isInvalid(bytes, as: .ply))
    }

    @Test func `a binary coordinate that is not finite is invalid`() throws {
        let bytes = Tetrahedron.binaryPLY()
        let nan = Tetrahedron.floats([.nan])
        let three = try #require(bytes.firstRange(of: Tetrahedron.floats([3])))
        #expect(try isInvalid(Array(bytes[..<three.lowerBound]) + nan + bytes[three.upperBound...], as: .ply))
    }
}
