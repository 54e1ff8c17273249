import Persistence
import Testing

@testable import Pipeline

struct ReadingOBJTests {
    @Test func `an OBJ is measured with every form of corner`() throws {
        #expect(try measured(Tetrahedron.obj, as: .obj)?.shape == Tetrahedron.geometry)
    }

    @Test func `polygons count as the triangles they make`() throws {
        let text = "v 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\nv 0 2 0\nf 1 2 3 4 5\n"
        #expect(try measured(text, as: .obj)?.triangles == 3)
    }

    @Test(arguments: ["\n", "\r\n"]) func `a line that ends in a backslash goes on in the next`(newline: String) throws
    {
        let text = "v 0 0 0\nv 1 0 \\\n0\nv 0 1 0\nf 1 2\\\n 3\n".replacing("\n", with: newline)
        #expect(try measured(text, as: .obj)?.shape == Geometry(vertices: 3, triangles: 1, extents: [1, 1, 0]))
    }

    @Test func `extents are those of the vertices that are used`() throws {
        let text = "v 100 100 100\n" + "v 0 0 0\nv 1 0 0\nv 0 1 0\nf 2 3 4\nv 7 7 7\n"
        #expect(try measured(text, as: .obj)?.shape == Geometry(vertices: 5, triangles: 1, extents: [1, 1, 0]))
    }

    @Test func `an OBJ of points has extents and no triangles`() throws {
        #expect(
            try measured("v 0 0 0 1 0 0\nv 1 2 3 0 1 0", as: .obj)?.shape
                == Geometry(vertices: 2, triangles: 0, extents: [1, 2, 3]))
    }

    @Test func `a face may come before its vertices`() throws {
        #expect(try measured("f 1 2 3\nv 0 0 0\nv 1 0 0\nv 0 1 0\n", as: .obj)?.triangles == 1)
    }

    @Test func `free-form surfaces are not guessed`() throws {
        #expect(try measured("v 0 0 0\nv 1 0 0\nsurf 0 1 0 1 1 2\n", as: .obj)?.shape == nil)
    }

    @Test(arguments: [
        "f 1 2 9", "f 0 1 2", "f -9 1 2", "f 1 2 99999999999999999999", "f 1 2 x", "f 1 2 3.5", "f 1 2 4294967297",
    ])
    func `a face that uses a vertex there is not is invalid`(face: String) throws {
        #expect(try isInvalid("v 0 0 0\nv 1 0 0\nv 0 1 0\n\(face)\n", as: .obj))
    }

    @Test(arguments: [
        "v 1 2", "v nan 0 0", "v 1 inf 0", "v 1e999 0 0", "v 1,5 0 0", "v -1.#IND 0 0", "v", "\u{0}\u{1}", "123",
    ])
    func `a vertex without three finite numbers is invalid`(line: String) throws {
        #expect(try isInvalid("v 0 0 0\n\(line)\n", as: .obj))
    }

    @Test(arguments: ["", "# only a comment\n", "mtllib a.mtl\n"]) func `an OBJ without geometry is empty`(
        text: String
    ) throws {
        #expect(try measured(text, as: .obj)?.shape == Geometry(vertices: 0, triangles: 0, extents: [0, 0, 0]))
    }

    @Test func `a file of many windows is measured, whatever the lines that cross them`() throws {
        let rows = (0..<30_000).map { "v \($0) 0.\($0) -\($0)e-1\n" }.joined()
        #expect(
            try measured("v 0 0 0\n" + rows + "f 1 2 30001\n", as: .obj)?.shape
                == Geometry(vertices: 30_001, triangles: 1, extents: [29_999, 0.29999, 2999.9]))
    }

    @Test func `a line without an end is too large`() throws {
        let line = [UInt8](repeating: UInt8(ascii: "f"), count: 17 << 20)
        #expect(throws: ReadError.self) { try measured(line, as: .obj) }
    }
}
