import Glibc
import Persistence
import Testing

@testable import Pipeline

struct ReadingGLTFTests {
    @Test func `a GLB is measured`() throws {
        #expect(try measured(GLTFSample.glb(), as: .glb)?.shape == Tetrahedron.geometry)
    }

    @Test func `a glTF with its data inside is measured`() throws {
        #expect(try measured(GLTFSample.gltf(), as: .gltf)?.shape == Tetrahedron.geometry)
    }

    @Test func `a data URI with escaped slashes is read`() throws {
        let text = GLTFSample.gltf().replacing("application/octet-stream", with: #"application\/octet-stream"#)
        #expect(try measured(text, as: .gltf)?.shape == Tetrahedron.geometry)
    }

    @Test(arguments: ["a b.bin", "./a b.bin", "a%20b.bin"]) func `data in a file beside is read`(uri: String) throws {
        let folder = try ModelFolder()
        try folder.write(GLTFSample.data, as: "a b.bin")
        let path = try folder.write(Array(GLTFSample.json(uri: uri).utf8), as: "model.gltf")
        #expect(try Reading.measure(path, format: .gltf)?.shape == Tetrahedron.geometry)
    }

    @Test(arguments: [
        "../model.bin", "/etc/passwd", "file:///etc/passwd", "http://example.org/a.bin", "a/b.bin", "..", ".", "",
        "%2e%2e%2fa.bin", #"a\\b.bin"#, "%00", "%zz", "missing.bin", "link.bin", "short.bin", "data:,abc",
        "data:;base64,%%%",
    ]) func `every other reference is invalid`(uri: String) throws {
        let folder = try ModelFolder()
        try folder.write([1, 2, 3], as: "short.bin")
        symlink("/etc/passwd", folder.path + "/link.bin")
        let path = try folder.write(Array(GLTFSample.json(uri: uri).utf8), as: "model.gltf")
        let error = #expect(throws: ReadError.self) { try Reading.measure(path, format: .gltf) }
        guard case .invalid = error else { throw error ?? ReadError.timedOut }
    }

    @Test(arguments: [
        (#"[{"mesh":0,"scale":[2,3,4]}]"#, [2, 6, 12]),
        (#"[{"mesh":0,"rotation":[0.7071067811865476,0,0,0.7071067811865476]}]"#, [1, 3, 2]),
        (#"[{"mesh":0,"matrix":[0,1,0,0,-1,0,0,0,0,0,1,0,5,5,5,1]}]"#, [2, 1, 3]),
        (#"[{"children":[1],"scale":[10,10,10]},{"mesh":0,"translation":[1,1,1]}]"#, [10, 20, 30]),
    ]) func `nodes move, turn and scale what they hold`(nodes: String, extents: [Double]) throws {
        let found = try #require(try measured(GLTFSample.gltf(nodes: nodes), as: .gltf))
        for axis in 0..<3 { #expect(abs(try #require(found.extents)[axis] - extents[axis]) < 1e-12) }
    }

    @Test func `every instance of a mesh counts`() throws {
        let nodes = #"[{"children":[1,2]},{"mesh":0},{"mesh":0,"translation":[10,0,0]}]"#
        let found = try measured(GLTFSample.gltf(nodes: nodes), as: .gltf)
        #expect(found?.shape == Geometry(vertices: 8, triangles: 8, extents: [11, 2, 3]))
    }

    @Test func `only the default scene is drawn`() throws {
        let text = GLTFSample.gltf(nodes: #"[{"mesh":0},{"mesh":0}]"#)
        #expect(try measured(text, as: .gltf)?.triangles == 4)
    }

    @Test func `without a default scene all scenes are drawn, each root once`() throws {
        let text = GLTFSample.gltf(nodes: #"[{"mesh":0},{"mesh":0}]"#)
            .replacing(#""scene":0,"scenes":[{"nodes":[0]}]"#, with: #""scenes":[{"nodes":[0]},{"nodes":[1,0]}]"#)
        #expect(try measured(text, as: .gltf)?.triangles == 8)
    }

    @Test func `without scenes the nodes that are nobody's child are drawn`() throws {
        let text = GLTFSample.gltf(nodes: #"[{"mesh":0},{"children":[0]}]"#)
            .replacing(#""scene":0,"scenes":[{"nodes":[0]}],"#, with: "")
        #expect(try measured(text, as: .gltf)?.triangles == 4)
    }

    @Test(arguments: [(4, 4), (5, 10), (6, 10), (1, 0)]) func `modes make triangles in their way`(
        mode: Int, triangles: Int
    ) throws {
        let text = GLTFSample.gltf().replacing(#""indices":1"#, with: #""indices":1,"mode":\#(mode)"#)
        #expect(try measured(text, as: .gltf)?.triangles == triangles)
    }

    @Test func `vertices that no index uses do not make a model larger`() throws {
        var data = GLTFSample.data
        for index in 0..<12 { data[48 + 2 * index] %= 3 }
        #expect(try measured(GLTFSample.glb(data: data), as: .glb)?.extents == [1, 2, 0])
    }

    @Test func `quantised and normalised positions are read`() throws {
        let data: [UInt8] = [0, 0, 0, 0] + [127, 0, 0, 0] + [0, 127, 0, 0] + [0, 0, 0x81, 0]
        let json = GLTFSample.json()
            .replacing(#""indices":1"#, with: #""mode":5"#)
            .replacing(#""componentType":5126"#, with: #""componentType":5120,"normalized":true"#)
            .replacing(#""byteLength":48"#, with: #""byteLength":16,"byteStride":4"#)
            .replacing(#""byteOffset":48,"byteLength":24"#, with: #""byteLength":16"#)
            .replacing(#""componentType":5123,"count":12"#, with: #""componentType":5121,"count":12"#)
            .replacing(#""byteLength":72"#, with: #""byteLength":16"#)
        #expect(
            try measured(GLTFSample.glb(json, data: data), as: .glb)?.shape
                == Geometry(vertices: 4, triangles: 2, extents: [1, 1, 1]))
    }

    @Test func `sparse elements are put over the others`() throws {
        let sparse = """
            "sparse":{"count":1,"indices":{"bufferView":1,"byteOffset":2,"componentType":5123},
            "values":{"bufferView":0,"byteOffset":24}},"count":4
            """
        // Element 2 takes the value of element 2: the first index is 0, the second one 2.
        let same = GLTFSample.json().replacing(#""count":4"#, with: sparse)
        #expect(try measured(GLTFSample.glb(same), as: .glb)?.shape == Tetrahedron.geometry)
        let flat = same.replacing(#""byteOffset":24"#, with: #""byteOffset":0"#)
        #expect(try measured(GLTFSample.glb(flat), as: .glb)?.extents == [1, 0, 3])
    }

    @Test(arguments: [
        (#""indices":1}"#, #""indices":1,"extensions":{"KHR_draco_mesh_compression":{}}}"#, #""bufferView":0,"#, ""),
        (#""byteLength":48"#, #""byteLength":48,"extensions":{"KHR_meshopt_compression":{}}"#, "", ""),
        (#""mesh":0}"#, #""mesh":0,"extensions":{"EXT_mesh_gpu_instancing":{}}}"#, "", ""),
        (#""version":"2.0""#, #""version":"1.0""#, "", ""),
        (#""version":"2.0""#, #""version":"2.0","minVersion":"2.1""#, "", ""),
    ]) func `what cannot be measured is not guessed`(a: String, b: String, c: String, d: String) throws {
        var text = GLTFSample.gltf().replacing(a, with: b)
        if !c.isEmpty { text = text.replacing(c, with: d) }
        #expect(try measured(text, as: .gltf)?.shape == nil)
    }

    @Test func `a glTF without geometry is empty`() throws {
        let empty = Geometry(vertices: 0, triangles: 0, extents: [0, 0, 0])
        #expect(try measured(#"{"asset":{"version":"2.0"}}"#, as: .gltf)?.shape == empty)
        #expect(try measured(GLTFSample.gltf(nodes: "[{}]"), as: .gltf)?.shape == empty)
    }
}
