import FoundationEssentials
import TestSupport
import Testing

@testable import Persistence

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

    @Test(arguments: 0..<100)
    func `a row is read as it was written`(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        func perhaps<Value>(_ value: Value) -> Value? { Bool.random(using: &random) ? value : nil }
        func number() -> Double { Double.random(in: -1e9...1e9, using: &random) }
        let geometry = Geometry(
            vertices: perhaps(.random(in: 0 ... .max, using: &random)), triangles: perhaps(0),
            extents: perhaps([number(), 0, 1e-300, 1e300]), unit: perhaps(0.001), up: perhaps("y"), meshes: perhaps(3),
            materials: perhaps(4), textures: perhaps(5), animations: perhaps(6), entities: perhaps(7),
            pages: perhaps(8), pixels: perhaps([]))

        let text = try jsonText(geometry)
        #expect(try Geometry(json: text) == geometry)
        #expect(text == String(decoding: try Self.encoder.encode(geometry), as: UTF8.self))
    }

    @Test(arguments: [["a", "-x", "/in/b c"], [], ["a\"b"], ["\\"], ["\n"], ["größe"], ["\u{7F}"]])
    func `words are written as any JSON is`(words: [String]) throws {
        #expect(try jsonText(words) == String(decoding: Self.encoder.encode(words), as: UTF8.self))
    }

    private static let encoder = {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }()

    @Test(arguments: [
        #"{ "vertices": 8 }"#, #"{"vertices":8,"color":"red"}"#, #"{"vertices":8,"up":null}"#, #"{"verti\u0063es":8}"#,
        #"{"vertices":8}"# + "\n",
    ])
    func `JSON that is not as we write it is read all the same`(text: String) throws {
        #expect(try Geometry(json: text) == Geometry(vertices: 8))
    }

    @Test(arguments: [
        "", "{", "{}{", "[]", #"{"vertices":}"#, #"{"vertices":8"#, #"{"vertices":"8"}"#,
    ])
    func `what is no JSON, or not of a model, is not`(text: String) throws {
        #expect(throws: (any Error).self) { try Geometry(json: text) }
    }
}
