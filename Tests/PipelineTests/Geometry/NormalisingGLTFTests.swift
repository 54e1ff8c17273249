import FoundationEssentials
import Persistence
import Testing

@testable import Pipeline

struct NormalisingGLTFTests {
    private let matrix = #""matrix":[0.001,0,0,0,0,0,-0.001,0,0,0.001,0,0,0,0,0,1.0]"#

    private func normalised(_ bytes: [UInt8], as kind: Reading.Kind) throws -> [UInt8] {
        let folder = try ModelFolder()
        try Normalisation.millimetresZUpToMetresYUp.apply(to: try folder.write(bytes, as: "model"), format: kind)
        return try folder.read("model")
    }

    private func normalised(_ text: String) throws -> String {
        String(decoding: try normalised(Array(text.utf8), as: .gltf), as: UTF8.self)
    }

    @Test func `one node is put above the roots, and nothing else is changed`() throws {
        let text = GLTFSample.gltf(nodes: "[ {\"mesh\":0,\"name\":\"ä\"}\n ]")
        let expected = text.replacing(#""scenes":[{"nodes":[0]}]"#, with: #""scenes":[{"nodes":[1]}]"#)
            .replacing("\n ]", with: "\n ,{\"name\":\"kiln\",\(matrix),\"children\":[0]}]")
        #expect(try normalised(text) == expected)
    }

    @Test func `blanks around the roots do not matter`() throws {
        let text = GLTFSample.gltf().replacing(#""nodes":[0]}"#, with: "\"nodes\" : [\n    0\n      ]\n }")
        let changed = try normalised(text)
        #expect(changed.contains("\"nodes\" : [1]\n }"))
        #expect(try measured(changed, as: .gltf)?.extents == [0.001, 0.003, 0.002])
    }

    @Test func `roots that scenes share keep a single parent`() throws {
        let text = GLTFSample.gltf(nodes: #"[{"mesh":0},{"mesh":0},{"mesh":0}]"#)
            .replacing(#"[{"nodes":[0]}]"#, with: #"[{"nodes":[0,1]},{"nodes":[1,2]},{"name":"empty"}]"#)
        let changed = try normalised(text)
        #expect(changed.contains(#"[{"nodes":[3,4]},{"nodes":[4,5]},{"name":"empty"}]"#))
        for children in ["[0]", "[1]", "[2]"] { #expect(changed.contains(#"\#(matrix),"children":\#(children)"#)) }
    }

    @Test func `without scenes the nodes that are nobody's child get the node`() throws {
        let text = GLTFSample.gltf(nodes: #"[{"mesh":0},{"children":[0]}]"#)
            .replacing(#""scene":0,"scenes":[{"nodes":[0]}],"#, with: "")
        let changed = try normalised(text)
        #expect(changed.contains(#""children":[1]}]"#))
        #expect(try measured(changed, as: .gltf)?.extents == [0.001, 0.003, 0.002])
    }

    @Test func `a document without nodes stays as it is`() throws {
        let text = #"{"asset":{"version":"2.0"},"scenes":[{}]}"#
        #expect(try normalised(text) == text)
    }

    @Test func `a GLB keeps its alignment, its data and chunks nobody knows`() throws {
        let unknown = GLTFSample.chunk([1, 2, 3, 4], type: "XYZ\0")
        var bytes = GLTFSample.glb() + unknown
        bytes.replaceSubrange(8..<12, with: Tetrahedron.little(UInt32(bytes.count)))
        let changed = try normalised(bytes, as: .glb)
        #expect(changed.count % 4 == 0)
        #expect(Array(changed[8..<12]) == Tetrahedron.little(UInt32(changed.count)))
        #expect(changed.suffix(92) == bytes.suffix(92))
        #expect(try measured(changed, as: .glb)?.triangles == 4)
    }
}
