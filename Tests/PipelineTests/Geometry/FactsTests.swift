import Persistence
import Testing

@testable import Pipeline

/// What is told of a mesh besides its shape.
struct FactsTests {
    @Test func `a glTF tells its images, its animations, and the meshes and materials in use`() throws {
        let text = GLTFSample.gltf(nodes: #"[{"children":[1,2]},{"mesh":0},{"mesh":0}]"#)
            .replacing(#""indices":1}"#, with: #""indices":1,"material":1}"#)
            .replacing(#""meshes":["#, with: #""meshes":[{"primitives":[]},"#)
            .replacing(#""mesh":0"#, with: #""mesh":1"#)
            .replacing(#""extras""#, with: #""materials":[{},{}],"images":[{},{},{}],"animations":[{}],"extras""#)
        let found = try measured(text, as: .gltf)
        #expect(found?.meshes == 1)
        #expect(found?.materials == 1)
        #expect(found?.textures == 3)
        #expect(found?.animations == 1)
    }

    @Test func `an OBJ tells the materials in use, each once, and knows nothing of textures`() throws {
        let text = "usemtl red\nusemtl dark red\r\nusemtl  red \n" + Tetrahedron.obj
        let found = try measured(text, as: .obj)
        #expect(found?.materials == 2)
        #expect(found?.textures == nil)
        #expect(found?.meshes == nil)
    }

    @Test func `an STL has nothing but solids`() throws {
        let twice = try measured(Tetrahedron.textSTL + Tetrahedron.textSTL, as: .stl)
        let binary = try measured(Tetrahedron.binarySTL, as: .stl)
        #expect([twice?.meshes, binary?.meshes] == [2, 1])
        #expect([binary?.materials, binary?.textures, binary?.animations] == [0, 0, 0])
    }
}
