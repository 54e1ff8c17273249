import FoundationEssentials
import Glibc
import Persistence

@testable import Pipeline

/// A temporary folder with models made of bytes.
final class ModelFolder {
    let path: String

    init() throws {
        var template = Array("/tmp/kiln-models-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw CocoaError(.fileWriteUnknown) }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit {
        // Nothing can be done about a folder in /tmp that does not go away.
        try? FileManager.default.removeItem(atPath: path)
    }

    @discardableResult
    func write(_ bytes: [UInt8], as name: String) throws -> String {
        try Data(bytes).write(to: URL(filePath: path + "/" + name))
        return path + "/" + name
    }

    func read(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path + "/" + name))) }

    func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
}

/// What a file of these bytes measures.
func measured(_ bytes: [UInt8], as kind: Reading.Kind, caps: ReadCaps = ReadCaps()) throws -> Geometry? {
    let folder = try ModelFolder()
    return try Reading.measure(try folder.write(bytes, as: "model"), format: kind, caps: caps)
}

func measured(_ text: String, as kind: Reading.Kind) throws -> Geometry? { try measured(Array(text.utf8), as: kind) }

/// True when the bytes are refused as not being a valid file.
func isInvalid(_ bytes: some Collection<UInt8>, as kind: Reading.Kind) throws -> Bool {
    do {
        _ = try measured(Array(bytes), as: kind)
        return false
    } catch ReadError.invalid {
        return true
    }
}

func isInvalid(_ text: String, as kind: Reading.Kind) throws -> Bool { try isInvalid(Array(text.utf8), as: kind) }

extension Geometry {
    /// Without what is not about the shape.
    var shape: Geometry { Geometry(vertices: vertices, triangles: triangles, extents: extents) }
}

/// A tetrahedron of 1 × 2 × 3, in every format.
enum Tetrahedron {
    static let points: [[Float]] = [[0, 0, 0], [1, 0, 0], [0, 2, 0], [0, 0, 3]]
    static let faces: [[Int]] = [[0, 2, 1], [0, 1, 3], [0, 3, 2], [1, 2, 3]]
    static let geometry = Geometry(vertices: 4, triangles: 4, extents: [1, 2, 3])

    static let obj = """
        # a comment
        v 0 0 0
        v 1.0 0 0
        v 0 2e0 0
        v 0 0 3
        vn 0 0 1
        f 1 3 2
        f 1//1 2//1 4//1
        f -4 -1 -2
        f 2/1/1 3/1/1 4/1/1
        """

    static let textSTL =
        "solid tetrahedron\n"
        + faces.map { face in
            "facet normal 0 0 1\n outer loop\n"
                + face.map { "  vertex " + points[$0].map(\.description).joined(separator: " ") + "\n" }.joined()
                + " endloop\nendfacet\n"
        }.joined() + "endsolid tetrahedron\n"

    /// Begins with "solid", as many real ones do.
    static var binarySTL: [UInt8] {
        var bytes = Array("solid made by a careless program".utf8)
        bytes += [UInt8](repeating: 32, count: 80 - bytes.count) + little(UInt32(4))
        for face in faces {
            bytes += floats([0, 0, 1]) + face.flatMap { floats(points[$0]) } + [7, 8]
        }
        return bytes
    }

    static let textPLY = """
        ply
        format ascii 1.0
        comment a tetrahedron
        element vertex 4
        property float x
        property float y
        property float z
        property uchar red
        element face 4
        property list uchar int vertex_indices
        end_header
        0 0 0 255
        1 0 0 255
        0 2 0 255
        0 0 3 nan
        3 0 2 1
        3 0 1 3
        3 0 3 2
        3 1 2 3

        """

    /// With an element nobody knows before the faces, and a property before the indices.
    static func binaryPLY(bigEndian: Bool = false) -> [UInt8] {
        func swapped(_ bytes: [UInt8]) -> [UInt8] { bigEndian ? bytes.reversed() : bytes }
        var bytes = Array(
            """
            ply
            format binary_\(bigEndian ? "big" : "little")_endian 1.0
            element vertex 4
            property uchar red
            property double x
            property float y
            property float z
            element material 2
            property list ushort float values
            element face 4
            property short flags
            property list uchar int vertex_index
            end_header

            """.utf8)
        for point in points {
            bytes += [9] + swapped(little(Double(point[0]).bitPattern)) + point[1...].flatMap { swapped(floats([$0])) }
        }
        for values in [[1, 2], []] as [[Float]] {
            bytes += swapped(little(UInt16(values.count))) + values.flatMap { swapped(floats([$0])) }
        }
        for face in faces { bytes += [0, 0, 3] + face.flatMap { swapped(little(UInt32($0))) } }
        return bytes
    }

    static func floats(_ values: [Float]) -> [UInt8] { values.flatMap { little($0.bitPattern) } }

    static func little<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian, Array.init)
    }
}
