import FoundationEssentials
import Persistence
import Testing

struct GeometryTests {
    @Test func `a row of the time when there were only three facts is still read`() throws {
        let old = Data(#"{"vertices":8,"triangles":12,"extents":[1,2,3]}"#.utf8)
        let geometry = try JSONDecoder().decode(Geometry.self, from: old)
        #expect(geometry == Geometry(vertices: 8, triangles: 12, extents: [1, 2, 3]))
    }

    @Test func `what is not known is not written`() throws {
        let text = String(decoding: try JSONEncoder().encode(Geometry(pages: 1)), as: UTF8.self)
        #expect(text == #"{"pages":1}"#)
    }

    @Test(arguments: [
        (Geometry(vertices: 8, triangles: 0), true), (Geometry(triangles: 1), false),
        (Geometry(entities: 0), true), (Geometry(triangles: 0, entities: 3), false), (Geometry(pages: 0), true),
        (Geometry(entities: 0, pages: 1), true), (Geometry(pages: 1), false), (Geometry(), false),
    ])
    func `what is known to show nothing is empty`(geometry: Geometry, isEmpty: Bool) {
        #expect(geometry.isEmpty == isEmpty)
    }
}
