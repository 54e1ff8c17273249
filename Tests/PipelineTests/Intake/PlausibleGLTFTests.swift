import FoundationEssentials
import TestSupport
import Testing

@testable import Pipeline

/// What a glTF says of itself, against what is there.
struct PlausibleGLTFTests {
    static let lies: [(String, String)] = [
        (#""byteLength":72"#, #""byteLength":73"#), (#""byteLength":24"#, #""byteLength":25"#),
        (#""byteLength":48"#, #""byteLength":9007199254740993"#), (#""byteOffset":48"#, #""byteOffset":50"#),
        (#""count":12"#, #""count":13"#), (#""count":4"#, #""count":1099511627776"#), (#""count":4"#, #""count":-4"#),
        (#""bufferView":1"#, #""bufferView":2"#), (#""POSITION":0"#, #""POSITION":2"#),
        (#""POSITION":0"#, #""POSITION":0,"NORMAL":9"#), (#""indices":1"#, #""indices":7"#),
        (#""indices":1"#, #""indices":1,"material":0"#), (#""indices":1"#, #""indices":1,"targets":[{"POSITION":5}]"#),
        (#""mesh":0"#, #""mesh":1"#), (#""mesh":0"#, #""mesh":0,"skin":0"#), (#""mesh":0"#, #""mesh":0,"camera":2"#),
        (#""nodes":[0]"#, #""nodes":[1]"#), (#""buffer":0"#, #""buffer":1"#),
        (#""byteLength":48"#, #""byteLength":48,"byteStride":1099511627776"#),
        (
            #""count":4"#,
            #""count":4,"sparse":{"count":5,"indices":{"bufferView":1,"componentType":5123},"values":{"bufferView":0}}"#
        ),
        (
            #""count":4"#,
            #""count":4,"sparse":{"count":2,"indices":{"bufferView":8,"componentType":5123},"values":{"bufferView":0}}"#
        ),
        (#""asset""#, #""images":[{"bufferView":2,"mimeType":"image/png"}],"asset""#),
        (#""asset""#, #""textures":[{"source":0}],"asset""#),
        (#""asset""#, #""skins":[{"joints":[0,9]}],"asset""#),
        (#""asset""#, #""animations":[{"samplers":[{"input":0,"output":4}],"channels":[]}],"asset""#),
        (#""asset""#, #""animations":[{"channels":[{"sampler":0,"target":{"node":3}}]}],"asset""#),
        (#""bufferView":0,"#, ""), ("VEC3", "VEC9"), ("5126", "5124"),
    ]

    @Test(arguments: lies) func `a glTF that lies is impossible`(truth: String, lie: String) throws {
        let json = GLTFSample.json()
        try #require(json.contains(truth))
        var changed = json.replacing(truth, with: lie, maxReplacements: 1)
        if lie.isEmpty { changed = changed.replacing(#""count":4"#, with: #""count":4000000000"#) }
        #expect(throws: ImpossibleFile.self) { try check(GLTFSample.glb(changed), .glb) }
    }

    @Test(arguments: [
        #"[{"mesh":0,"children":[0]}]"#, #"[{"children":[1]},{"children":[2]},{"children":[0],"mesh":0}]"#,
        #"[{"children":[1,1]},{"mesh":0}]"#, #"[{"children":[7]}]"#,
        #"[{"mesh":0},{"children":[2]},{"children":[1]}]"#,
    ]) func `nodes that go in a circle, share a child or lead nowhere are impossible`(nodes: String) {
        #expect(throws: ImpossibleFile.self) { try check(Array(GLTFSample.gltf(nodes: nodes).utf8), .gltf) }
    }

    @Test func `nodes are at most a thousand deep`() throws {
        func chain(_ length: Int) -> [UInt8] {
            let nodes = (1..<length).map { #"{"children":[\#($0)]},"# }.joined()
            return Array(GLTFSample.gltf(nodes: "[\(nodes){\"mesh\":0}]").utf8)
        }
        try check(chain(1000), .gltf)
        #expect(throws: ImpossibleFile.self) { try check(chain(1001), .gltf) }
    }

    @Test(arguments: [8, 12]) func `a GLB whose lengths reach beyond its end is impossible`(offset: Int) {
        var bytes = GLTFSample.glb()
        bytes[offset + 2] = 1
        #expect(throws: ImpossibleFile.self) { try check(bytes, .glb) }
    }

    @Test func `a GLB cut off in its binary chunk is impossible`() {
        let bytes = GLTFSample.glb()
        for end in (bytes.count - 72)..<bytes.count {
            #expect(throws: ImpossibleFile.self) { try check(Array(bytes[..<end]), .glb) }
        }
    }

    @Test func `a chunk whose length is no multiple of four is impossible before another`() {
        let json = GLTFSample.json().utf8
        let text = Array(json) + [UInt8](repeating: 32, count: (4 - json.count % 4) % 4 + 1)
        let chunks = GLTFSample.chunk(text, type: "JSON") + GLTFSample.chunk(GLTFSample.data, type: "BIN\0")
        let head = Array("glTF".utf8) + [2, 0, 0, 0] + Tetrahedron.little(UInt32(12 + chunks.count))
        #expect(throws: ImpossibleFile.self) { try check(head + chunks, .glb) }
    }

    @Test func `a data URI that is shorter than its buffer is impossible, however long`() throws {
        for size in [72, 3000, 300_000] {
            let long = [UInt8](repeating: 7, count: size - 72) + GLTFSample.data
            let uri = "data:application/octet-stream;base64," + Data(long).base64EncodedString()
            let json = GLTFSample.json(uri: uri)
            for (length, isPossible) in [(size, true), (size + 3, false)] {
                let said = Array(json.replacing(#""byteLength":72"#, with: #""byteLength":\#(length)"#).utf8)
                #expect(isPossible == ((try? check(said, .gltf)) != nil), "\(length) in \(size)")
            }
        }
    }

    @Test func `escapes in a long string do not hide where it ends`() throws {
        let long = String(repeating: #"\/\"\u00e9"#, count: 1000)
        try check(Array(GLTFSample.gltf().replacing(#""one":1"#, with: #""one":"\#(long)""#).utf8), .gltf)
    }

    @Test func `a side file that is shorter than its buffer is impossible`() {
        let json = Content(Array(GLTFSample.json(uri: "box.bin").utf8))
        #expect(throws: Never.self) { try Plausibility(content: json) { _ in 72 }.check(.gltf) }
        #expect(throws: ImpossibleFile.outOfBounds("Buffer 0 of the glTF")) {
            try Plausibility(content: json) { _ in 71 }.check(.gltf)
        }
    }

    @Test func `a glTF of another version is left to the tools`() throws {
        try check(Array(GLTFSample.gltf().replacing("2.0", with: "1.0").replacing("72", with: "99").utf8), .gltf)
    }

    private func check(_ bytes: [UInt8], _ format: Format) throws {
        try Plausibility(content: Content(bytes)).check(format)
    }
}
