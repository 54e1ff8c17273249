import Persistence
import Testing

@testable import Pipeline

struct ReadingSTLTests {
    private let geometry = Geometry(vertices: 12, triangles: 4, extents: [1, 2, 3])

    @Test func `a binary STL is measured, even when its header begins with solid`() throws {
        #expect(try measured(Tetrahedron.binarySTL, as: .stl)?.shape == geometry)
    }

    @Test func `a text STL is measured`() throws {
        #expect(try measured(Tetrahedron.textSTL, as: .stl)?.shape == geometry)
    }

    @Test(arguments: ["\r\n", "\r"]) func `a text STL may end its lines in other ways`(newline: String) throws {
        let text = Tetrahedron.textSTL.replacing("\n", with: newline).uppercased()
        #expect(try measured(text, as: .stl)?.shape == geometry)
    }

    @Test func `a text STL of several solids is measured as one`() throws {
        let twice = try #require(try measured(Tetrahedron.textSTL + Tetrahedron.textSTL, as: .stl))
        #expect(twice.shape == Geometry(vertices: 24, triangles: 8, extents: [1, 2, 3]))
    }

    @Test func `a large binary STL is measured across many windows`() throws {
        let triangles = 20_000
        var bytes = [UInt8](repeating: 0, count: 80) + Tetrahedron.little(UInt32(triangles))
        for index in 0..<triangles {
            bytes += Tetrahedron.floats([0, 0, 1, 0, 0, 0, Float(index), 1, 0, 0, 0, 2]) + [0, 0]
        }
        #expect(try measured(bytes, as: .stl)?.extents == [19_999, 1, 2])
    }

    @Test func `an STL without facets is empty`() throws {
        let empty = Geometry(vertices: 0, triangles: 0, extents: [0, 0, 0])
        #expect(try measured("solid nothing\nendsolid\n", as: .stl)?.shape == empty)
        #expect(try measured([UInt8](repeating: 0, count: 84), as: .stl)?.shape == empty)
    }

    @Test func `a binary STL that is a byte too short or too long is invalid`() throws {
        #expect(try isInvalid(Tetrahedron.binarySTL.dropLast(), as: .stl))
        #expect(try isInvalid(Tetrahedron.binarySTL + [0], as: .stl))
    }

    @Test func `a binary STL that lies about its count is invalid`() throws {
        var bytes = Tetrahedron.binarySTL
        bytes[80] = 5
        #expect(try isInvalid(bytes, as: .stl))
        bytes.replaceSubrange(80..<84, with: [255, 255, 255, 255])
        #expect(try isInvalid(bytes, as: .stl))
    }

    @Test(arguments: [Float.nan, .infinity]) func `a coordinate that is not finite is invalid`(value: Float) throws {
        var bytes = Tetrahedron.binarySTL
        bytes.replaceSubrange(96..<100, with: Tetrahedron.floats([value]))
        #expect(try isInvalid(bytes, as: .stl))
        #expect(try isInvalid(Tetrahedron.textSTL.replacing("3.0", with: "\(value)"), as: .stl))
    }

    @Test func `a text STL that is cut off anywhere after its first facet is invalid`() throws {
        let text = Array(Tetrahedron.textSTL.utf8)
        for end in 20..<text.count - 22 { #expect(try isInvalid(text[..<end], as: .stl)) }
    }

    @Test(arguments: ["", "solid", "PNG", "<!DOCTYPE html>"]) func `what is no STL is invalid`(text: String) throws {
        #expect(try isInvalid(text, as: .stl))
    }
}
