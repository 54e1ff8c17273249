import FoundationEssentials
import Persistence
import Testing

@testable import Pipeline

extension Normalisation {
    static let millimetresZUpToMetresYUp = Normalisation(
        from: Frame(metresPerUnit: 0.001, up: .z), to: Frame(metresPerUnit: 1, up: .y))
}

struct NormalisationTests {
    private func normalised(
        _ bytes: [UInt8], as kind: Reading.Kind, by change: Normalisation = .millimetresZUpToMetresYUp
    ) throws -> [UInt8] {
        let folder = try ModelFolder()
        try change.apply(to: try folder.write(bytes, as: "model"), format: kind)
        #expect(try folder.names() == ["model"])
        return try folder.read("model")
    }

    @Test(
        arguments: [
            (Frame(metresPerUnit: 0.001, up: .z), Frame(metresPerUnit: 1, up: .y), 0.001, .zUpToYUp),
            (Frame(metresPerUnit: 1, up: .y), Frame(metresPerUnit: 0.001, up: .z), 1000, .yUpToZUp),
            (Frame(metresPerUnit: nil, up: .z), Frame(metresPerUnit: 1, up: .y), 1, .zUpToYUp),
            (Frame(metresPerUnit: 0.001, up: .z), Frame(metresPerUnit: nil, up: nil), 1, nil),
            (Frame(metresPerUnit: 0.0254, up: .y), Frame(metresPerUnit: 0.0254, up: .y), 1, nil),
        ] as [(Frame, Frame, Double, Normalisation.Turn?)])
    func `a change is computed from two frames, and left out where one knows nothing`(
        source: Frame, target: Frame, scale: Double, turn: Normalisation.Turn?
    ) {
        let change = Normalisation(from: source, to: target)
        #expect(change.scale == scale)
        #expect(change.turn == turn)
        #expect(change.isIdentity == (scale == 1 && turn == nil))
    }

    @Test func `the identity does not touch the file`() throws {
        let none = Normalisation(from: Frame(metresPerUnit: 1, up: .y), to: Frame(metresPerUnit: nil, up: nil))
        try none.apply(to: "/nowhere/at/all.stl", format: .stl)
    }

    @Test func `a file that cannot be read stays as it was`() throws {
        let folder = try ModelFolder()
        let broken = Array(Tetrahedron.binarySTL.dropLast())
        let path = try folder.write(broken, as: "model.stl")
        #expect(throws: ReadError.self) { try Normalisation.millimetresZUpToMetresYUp.apply(to: path, format: .stl) }
        #expect(try folder.read("model.stl") == broken)
        #expect(try folder.names() == ["model.stl"])
    }

    @Test(arguments: [
        (Reading.Kind.stl, Tetrahedron.binarySTL), (.stl, Array(Tetrahedron.textSTL.utf8)),
        (.obj, Array(Tetrahedron.obj.utf8)), (.ply, Tetrahedron.binaryPLY()),
        (.ply, Tetrahedron.binaryPLY(bigEndian: true)),
        (.ply, Array(Tetrahedron.textPLY.utf8)), (.glb, GLTFSample.glb()), (.gltf, Array(GLTFSample.gltf().utf8)),
    ]) func `every format is scaled and turned`(kind: Reading.Kind, bytes: [UInt8]) throws {
        let before = try #require(try measured(bytes, as: kind))
        let after = try #require(try measured(try normalised(bytes, as: kind), as: kind))
        #expect(after.vertices == before.vertices)
        #expect(after.triangles == before.triangles)
        for (found, expected) in zip(try #require(after.extents), [0.001, 0.003, 0.002]) {
            #expect(abs(found - expected) < 1e-9)
        }
    }

    @Test func `corners go from (x, y, z) to (x, z, -y), normals keep their length`() throws {
        let bytes = try normalised(Tetrahedron.binarySTL, as: .stl)
        #expect(Array(bytes[84..<96]) == Tetrahedron.floats([0, 1, 0]))
        // The second corner of the first face is (0, 2, 0).
        #expect(Array(bytes[108..<120]) == Tetrahedron.floats([0, 0, -0.002]))
        #expect(Array(bytes[..<84]) == Array(Tetrahedron.binarySTL[..<84]))
        #expect(Array(bytes[132..<134]) == [7, 8])
    }

    @Test func `text keeps its shape, and its numbers stay short`() throws {
        let stl = String(decoding: try normalised(Array(Tetrahedron.textSTL.utf8), as: .stl), as: UTF8.self)
        #expect(stl.contains("facet normal 0.0 1.0 0.0\n outer loop\n  vertex 0.0 0.0 0.0\n  vertex 0.0 0.0 -0.002\n"))
        let obj = String(
            decoding: try normalised(Array("v 1 2 3 0.5\nvt 1 2\nvn 0 0 1\r\n# v 1 2 3\n".utf8), as: .obj),
            as: UTF8.self)
        #expect(obj == "v 0.001 0.003 -0.002 0.5\nvt 1 2\nvn 0.0 1.0 0.0\r\n# v 1 2 3\n")
    }

    @Test func `whole numbers cannot hold a scaled PLY and are refused`() throws {
        let text = Tetrahedron.textPLY.replacing("property float x", with: "property int x")
        #expect(throws: ReadError.self) { try normalised(Array(text.utf8), as: .ply) }
    }
}
