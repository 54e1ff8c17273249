import Persistence
import TestSupport
import Testing

@testable import Pipeline

struct ReadingDXFTests {
    /// Pairs as words: a code, then its value.
    private func section(_ name: String, _ words: String) -> String {
        "0 SECTION 2 \(name) \(words) 0 ENDSEC "
    }

    private func text(_ words: String) -> String {
        words.split { " \n".contains($0) }.joined(separator: "\r\n") + "\r\n"
    }

    private func drawing(_ entities: String, blocks: String = "") throws -> Geometry? {
        try measured(text(section("BLOCKS", blocks) + section("ENTITIES", entities) + "0 EOF"), as: .dxf)
    }

    @Test func `a DXF of faces is a model`() throws {
        #expect(try measured(Samples.dxf(), as: .dxf)?.triangles == 12)
        #expect(try measured(Samples.dxf(), as: .dxf)?.extents == [1, 2, 3])
    }

    @Test(arguments: [
        ("0 LINE 10 1 20 2 30 0 11 4 21 6 31 5", [3.0, 4, 5]), ("0 CIRCLE 10 5 20 5 40 2", [4, 4, 0]),
        ("0 ARC 10 0 20 0 40 2 50 0 51 90", [2, 2, 0]), ("0 ARC 10 0 20 0 40 2 50 270 51 90", [2, 4, 0]),
        ("0 LWPOLYLINE 90 3 38 7 10 0 20 0 10 5 20 1 10 3 20 9", [5, 9, 0]),
        ("0 ELLIPSE 10 0 20 0 30 0 11 4 21 0 31 0 40 0.5 41 0 42 6.283185307179586", [8, 4, 0]),
        ("0 CIRCLE 10 0 20 0 40 1 210 1 220 0 230 0", [0, 2, 2]),
        ("0 MTEXT 10 1 20 1 11 9 21 9 1 text 101 Embedded 10 5 20 5 0 POINT 10 2 20 3", [1, 2, 0]),
    ]) func `every kind of entity has its extents`(entities: String, extents: [Double]) throws {
        let found = try #require(try drawing(entities)?.extents)
        for (found, expected) in zip(found, extents) { #expect(abs(found - expected) < 1e-9) }
    }

    @Test func `meshes are made of polylines too`() throws {
        let vertex = "0 VERTEX 70 192 10"
        let faces = "0 VERTEX 70 128 71 1 72 2 73 3 74 -4 0 VERTEX 70 128 71 1 72 2 73 3 0 SEQEND"
        let mesh = "0 POLYLINE 70 64 \(vertex) 0 20 0 \(vertex) 1 20 0 \(vertex) 1 20 1 \(vertex) 0 20 1 \(faces)"
        let grid = "0 POLYLINE 70 17 71 3 72 2 " + (0..<6).map { "0 VERTEX 70 64 10 \($0) 20 0 " }.joined() + "0 SEQEND"
        let found = try drawing(mesh + " " + grid)
        #expect(found?.triangles == 3 + 6)
        #expect(found?.vertices == 10)
        #expect(found?.entities == 2)
    }

    @Test func `blocks count wherever they are put, turned, scaled and in rows`() throws {
        let blocks = """
            0 BLOCK 2 Part 10 1 20 0 0 LINE 10 1 20 0 11 3 21 0 0 POINT 10 1 20 0 0 ENDBLK
            0 BLOCK 2 twice 10 0 20 0 0 INSERT 2 PART 10 0 20 0 0 INSERT 2 part 10 0 20 5 0 ENDBLK 0 BLOCK 2 empty 0 ENDBLK
            """
        let found = try drawing("0 INSERT 2 TWICE 10 0 20 0 41 2 50 90 70 3 44 10 0 INSERT 2 empty", blocks: blocks)
        #expect(found?.entities == 12)
        let extents = try #require(found?.extents)
        for (found, expected) in zip(extents, [5.0, 24, 0]) { #expect(abs(found - expected) < 1e-9) }
        #expect(try drawing("0 INSERT 2 empty", blocks: blocks)?.isEmpty == true)
    }

    @Test func `sheets count only where the model is empty`() throws {
        let sheet = "0 LINE 67 1 10 0 20 0 11 9 21 9 0 VIEWPORT 67 1 "
        #expect(try drawing(sheet + "0 POINT 10 0 20 0")?.extents == [0, 0, 0])
        #expect(try drawing(sheet)?.entities == 1)
        #expect(try drawing("")?.isEmpty == true)
    }

    @Test func `what has no size that is read leaves it unknown`() throws {
        let found = try drawing("0 3DSOLID 1 acis")
        #expect(found == Geometry(textures: 0, animations: 0, entities: 1))
        #expect(try measured("AutoCAD Binary DXF\r\n\u{1A}\0", as: .dxf) == nil)
    }

    @Test func `a block that holds itself, or is missing, is refused`() throws {
        for blocks in ["0 BLOCK 2 a 0 INSERT 2 a 0 ENDBLK", ""] {
            #expect(throws: ReadError.self) { try drawing("0 INSERT 2 a", blocks: blocks) }
        }
    }

    @Test func `blocks of blocks of blocks end somewhere`() throws {
        let bomb =
            "0 BLOCK 2 b0 0 POINT 10 0 20 0 0 ENDBLK "
            + (1..<60).map { level in
                "0 BLOCK 2 b\(level) 0 INSERT 2 b\(level - 1) 70 30000 71 30000 0 ENDBLK "
            }.joined()
        #expect(throws: ReadError.tooLarge("The drawing repeats its blocks too often.")) {
            try drawing("0 INSERT 2 b59", blocks: bomb)
        }
    }

    @Test(arguments: [
        "", "0", "0 SECTION", "0 SECTION 2 ENTITIES 0 LINE", "x y", "0 SECTION 0 LINE", "2000 x 0 EOF",
        "0 SECTION 2 ENTITIES 0 LINE 10 x 0 ENDSEC 0 EOF",
    ]) func `a lying DXF is refused`(words: String) throws {
        #expect(try isInvalid(text(words), as: .dxf))
    }
}
