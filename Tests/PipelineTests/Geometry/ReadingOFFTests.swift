import Persistence
import TestSupport
import Testing

@testable import Pipeline

struct ReadingOFFTests {
    private static let tetrahedron =
        "OFF # a comment\n4 4 6\n0 0 0\n1 0 0\n\n# more\n0 2 0\n0 0 3\n"
        + "3 0 2 1\n3 0 1 3 255 0 0\n3 0 3 2\n3 1 2 3\n"

    @Test func `an OFF is measured`() throws {
        #expect(try measured(Self.tetrahedron, as: .off)?.shape == Tetrahedron.geometry)
        #expect(try measured(Samples.off(), as: .off)?.triangles == 12)
    }

    @Test func `the counts may stand behind the keyword, and normals and colours behind the points`() throws {
        let text = "NCOFF 3 1 0\n0 0 0 0 0 1 1 1 1 1\n4 0 0 0 0 1 1 1 1 1\n0 5 0 0 0 1 1 1 1 1\n3 0 1 2\n"
        #expect(try measured(text, as: .off)?.shape == Geometry(vertices: 3, triangles: 1, extents: [4, 5, 0]))
    }

    @Test(arguments: ["4OFF\n1 0 0\n0 0 0 1\n", "nOFF\n4\n1 0 0\n0 0 0 0\n", "OFF BINARY\n\0\0\0\u{1}"])
    func `points of more dimensions and binary files are not measured`(text: String) throws {
        #expect(try measured(text, as: .off) == nil)
    }

    @Test(arguments: [
        "", "OFF", "off\n1 0 0\n0 0 0\n", "OFF\n2 0 0\n0 0 0\n", "OFF\n1 1 0\n0 0 0\n3 0 1 0\n",
        "OFF\n1 1 0\n0 0 0\n3 0 0\n", "OFF\n1 0 0\n0 nan 0\n", "OFF\n-1 0 0\n", "OFF\n999999999999999999 1 0\n",
        "OFF\n1 1 0\n0 0 0\n-3 0 0 0\n",
    ]) func `a lying OFF is refused`(text: String) throws {
        #expect(try isInvalid(text, as: .off))
    }

    @Test func `normals are turned, and points turned and scaled`() throws {
        let folder = try ModelFolder()
        let path = try folder.write(Array("NOFF 1 0 0\n# one\n1 2 3 0 0 1 9\n".utf8), as: "model")
        try Normalisation.millimetresZUpToMetresYUp.apply(to: path, format: .off)
        #expect(
            String(decoding: try folder.read("model"), as: UTF8.self)
                == "NOFF 1 0 0\n# one\n0.001 0.003 -0.002 0.0 1.0 0.0 9\n")
    }
}
