/// Small model files for tests: one box, written in every mesh format, and files that are up to no good.
///
/// The box has 8 corners, 12 triangles that face outwards, extents 1 × 2 × 3, and its centre off the origin, so that a
/// scale, a turn or a swap of axes shows. All of them are in bare numbers; where a format tells a unit it is a metre.
package enum Samples {
    package static let triangles = 12
    package static let extents: [Float] = [1, 2, 3]
    package static let lowest: [Float] = [2, -1, 0.5]

    /// x runs fastest, then y, then z.
    static let corners: [[Float]] = (0..<8).map { corner in
        (0..<3).map { axis in lowest[axis] + (corner >> axis & 1 == 1 ? extents[axis] : 0) }
    }

    static let faces: [[Int]] = [
        [0, 2, 1], [1, 2, 3], [4, 5, 6], [5, 7, 6], [0, 1, 4], [1, 5, 4],
        [2, 6, 3], [3, 6, 7], [0, 4, 2], [2, 4, 6], [1, 3, 5], [3, 7, 5],
    ]

    package static func obj() -> [UInt8] {
        text(["# a box", "o box"] + corners.map { "v \(words($0))" } + faces.map { "f \(words($0.map { $0 + 1 }))" })
    }

    package static func off() -> [UInt8] {
        text(["OFF", "8 12 0"] + corners.map(words) + faces.map { "3 \(words($0))" })
    }

    package static func stlASCII() -> [UInt8] {
        let facets = faces.flatMap { face in
            ["facet normal 0 0 0", "outer loop"] + face.map { "vertex \(words(corners[$0]))" } + [
                "endloop", "endfacet",
            ]
        }
        return text(["solid box"] + facets + ["endsolid box"])
    }

    package static func stl() -> [UInt8] {
        let header = Array("a box".utf8) + [UInt8](repeating: 0x20, count: 75)
        let facets = faces.flatMap { face in
            floats([0, 0, 0]) + face.flatMap { floats(corners[$0]) } + [0, 0]
        }
        return header + little(UInt32(faces.count)) + facets
    }

    package static func plyASCII() -> [UInt8] {
        text(plyHeader("ascii") + corners.map(words) + faces.map { "3 \(words($0))" })
    }

    package static func ply() -> [UInt8] {
        let indices: [UInt8] = faces.flatMap { face in [3] + face.flatMap { little(UInt32($0)) } }
        return text(plyHeader("binary_little_endian")) + corners.flatMap(floats) + indices
    }

    package static func x() -> [UInt8] {
        text(
            ["xof 0303txt 0032", "Mesh box {", "8;"] + corners.map { $0.map { "\($0);" }.joined() + "," }.closed
                + ["12;"] + faces.map { "3;\(words($0, ","));," }.closed + ["}"])
    }

    /// One 3DFACE per triangle; the fourth corner repeats the third.
    package static func dxf() -> [UInt8] {
        let entities = faces.flatMap { face in
            ["0", "3DFACE", "8", "box"]
                + (face + [face[2]]).enumerated().flatMap { index, corner in
                    corners[corner].enumerated().flatMap { axis, value in ["\((axis + 1) * 10 + index)", "\(value)"] }
                }
        }
        return text(["0", "SECTION", "2", "ENTITIES"] + entities + ["0", "ENDSEC", "0", "EOF"])
    }

    static func text(_ lines: [String]) -> [UInt8] { Array((lines.joined(separator: "\n") + "\n").utf8) }

    static func words(_ values: [some Any], _ separator: String = " ") -> String {
        values.map { "\($0)" }.joined(separator: separator)
    }

    static func words(_ values: [Float]) -> String { words(values, " ") }

    static func little(_ value: some FixedWidthInteger) -> [UInt8] {
        (0..<value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }

    static func floats(_ values: [Float]) -> [UInt8] { values.flatMap { little($0.bitPattern) } }

    private static func plyHeader(_ encoding: String) -> [String] {
        [
            "ply", "format \(encoding) 1.0", "element vertex 8", "property float x", "property float y",
            "property float z", "element face 12", "property list uchar int vertex_indices", "end_header",
        ]
    }
}

extension [String] {
    /// The last `,` of a list becomes the `;` that ends it.
    fileprivate var closed: [String] { dropLast() + [(last ?? "").dropLast() + ";"] }
}
