import Persistence
import Testing

@testable import Pipeline

struct LyingGLTFTests {
    @Test(arguments: [
        (#""byteLength":72"#, #""byteLength":73"#), (#""byteLength":24"#, #""byteLength":25"#),
        (#""byteLength":48"#, #""byteLength":9007199254740993"#), (#""byteOffset":48"#, #""byteOffset":50"#),
        (#""count":12"#, #""count":13"#), (#""count":4"#, #""count":5"#), (#""count":4"#, #""count":-4"#),
        (#""count":4"#, #""count":1e300"#), (#""count":4"#, #""count":4.5"#), (#""bufferView":1"#, #""bufferView":2"#),
        (#""POSITION":0"#, #""POSITION":2"#), (#""POSITION":0"#, #""POSITION":1"#), (#""indices":1"#, #""indices":7"#),
        (#""indices":1"#, #""indices":0"#), (#""mesh":0"#, #""mesh":1"#), (#""nodes":[0]"#, #""nodes":[1]"#),
        (#""nodes":[0]"#, #""nodes":[0,0]"#), (#""scene":0"#, #""scene":1"#), ("5126", "5124"), ("VEC3", "VEC9"),
        (#""buffer":0"#, #""buffer":1"#), (#""indices":1"#, #""indices":1,"mode":9"#), (#"{"asset""#, #"{"assets""#),
        (#""byteLength":48"#, #""byteLength":48,"byteStride":8"#), ("12345678901234567890.123", "1e"),
        (#""yes":true"#, #""yes":yes"#), (#""one":1"#, #""one":1,"#), (#""one":1"#, #""one" 1"#), ("}}", "}"),
        ("}}", "}}}"),
    ]) func `a document that lies is invalid`(truth: String, lie: String) throws {
        let json = GLTFSample.json()
        try #require(json.contains(truth))
        let changed =
            truth == "}}" ? String(json.dropLast(2)) + lie : json.replacing(truth, with: lie, maxReplacements: 1)
        #expect(try isInvalid(GLTFSample.glb(changed), as: .glb))
    }

    @Test(arguments: [
        #"[{"mesh":0,"children":[0]}]"#, #"[{"children":[1]},{"children":[2]},{"children":[0],"mesh":0}]"#,
        #"[{"children":[1,1]},{"mesh":0}]"#, #"[{"children":[7]}]"#, #"[{"mesh":0,"scale":[1,2]}]"#,
        #"[{"mesh":0,"matrix":[1,2,3]}]"#, #"[{"mesh":0,"scale":[1e308,1e308,1e308]}]"#,
        #"[{"mesh":0,"scale":[1e999,1,1]}]"#,
    ]) func `nodes that go in a circle, or nowhere, are invalid`(nodes: String) throws {
        #expect(try isInvalid(GLTFSample.gltf(nodes: nodes), as: .gltf))
    }

    @Test func `nodes are at most 200 deep`() throws {
        func chain(_ length: Int) -> String {
            "[" + (1..<length).map { #"{"children":[\#($0)]},"# }.joined() + #"{"mesh":0}]"#
        }
        #expect(try measured(GLTFSample.gltf(nodes: chain(200)), as: .gltf)?.shape == Tetrahedron.geometry)
        #expect(try isInvalid(GLTFSample.gltf(nodes: chain(201)), as: .gltf))
    }

    @Test func `an index beyond the vertices is invalid`() throws {
        var data = GLTFSample.data
        data[48] = 4
        #expect(try isInvalid(GLTFSample.glb(data: data), as: .glb))
    }

    @Test func `a position that is not finite is invalid`() throws {
        let data = Tetrahedron.floats([.nan]) + GLTFSample.data.dropFirst(4)
        #expect(try isInvalid(GLTFSample.glb(data: data), as: .glb))
    }

    @Test(arguments: ["[", #"{"a":"#]) func `JSON nested a hundred thousand times is invalid and does no harm`(
        opening: String
    ) throws {
        let deep = String(repeating: opening, count: 100_000)
        #expect(try isInvalid(GLTFSample.gltf().replacing(#""one":1"#, with: #""one":\#(deep)"#), as: .gltf))
        #expect(try isInvalid(deep, as: .gltf))
    }

    @Test func `a GLB that is cut off anywhere is invalid`() throws {
        let bytes = GLTFSample.glb()
        for end in 0..<bytes.count { #expect(try isInvalid(bytes[..<end], as: .glb)) }
    }

    @Test(arguments: [0, 4, 8, 12, 16]) func `a GLB with a wrong word in its head is not read`(offset: Int) throws {
        var bytes = GLTFSample.glb()
        bytes[offset + 1] ^= 0x40
        if offset == 4 {
            #expect(try measured(bytes, as: .glb)?.shape == nil)
        } else {
            #expect(try isInvalid(bytes, as: .glb))
        }
    }

    @Test func `zeros without data cannot be claimed by the billion`() throws {
        let json = GLTFSample.json().replacing(#""bufferView":0,"#, with: "").replacing(
            #""count":4"#, with: #""count":1000000000"#)
        #expect(throws: ReadError.tooLarge("The model has more than 200000000 elements.")) {
            try measured(GLTFSample.glb(json), as: .glb)
        }
    }
}
