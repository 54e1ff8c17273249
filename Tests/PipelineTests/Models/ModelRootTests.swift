import Testing

@testable import Pipeline

struct ModelRootTests {
    @Test(arguments: [
        (["a.obj", "a.mtl", "wood.png"], "a.obj"), (["box/a.stl", "readme.txt"], "box/a.stl"),
        (["a.gltf", "parts/b.gltf", "parts/c.stl"], "a.gltf"),
        (["__MACOSX/._a.obj", "x/a.obj", ".hidden.stl"], "x/a.obj"),
        (["main.scad -> part.stl", "part.stl"], "main.scad"), (["b.obj", "a.gltf -> b.bin", "b.bin"], "a.gltf"),
        (["main.scad -> lib.scad", "lib.scad -> part.stl", "part.stl"], "main.scad"),
    ])
    func `the model is found among its files`(files: [String], root: String) throws {
        #expect(try choice(files).found() == root)
    }

    @Test(arguments: [
        ["a.stl", "b.stl"], ["a.gltf -> a.bin", "b.gltf -> a.bin", "a.bin"], ["a.scad -> b.scad", "b.scad -> a.scad"],
    ])
    func `where several could be the model, all are named`(files: [String]) throws {
        let refusal = #expect(throws: Refusal.self) { try choice(files).found() }
        #expect(refusal?.kind == .ambiguousRoot)
        #expect(refusal?.sentence.contains("\"a.") == true && refusal?.sentence.contains("\"b.") == true)
    }

    @Test func `what can be converted goes before what cannot`() throws {
        #expect(try choice(["a.blend", "a.obj"], useful: [.obj]).found() == "a.obj")
        #expect(try choice(["a.scad -> a.stl", "a.stl"], useful: [.stl]).found() == "a.scad")
        #expect(try choice(["a.blend", "readme.txt"], useful: [.obj]).found() == "a.blend")
    }

    @Test func `without a model there is none`() throws {
        #expect(try choice(["a.png", "readme.txt"]).found() == nil)
    }

    @Test(arguments: ["sub/a.stl", "./sub/A.stl", "sub\\a.stl", "a.stl"])
    func `the client names the model in its own spelling`(name: String) throws {
        #expect(try choice(["sub/a.stl", "b.stl"]).named(name) == "sub/a.stl")
    }

    @Test(arguments: ["c.stl", "", "..", "sub", "other/c.stl"])
    func `a model that is not there is told with those that are`(name: String) throws {
        let refusal = #expect(throws: Refusal.self) { try choice(["sub/a.stl", "b.stl"]).named(name) }
        #expect(refusal?.kind == .unknownRoot)
        #expect(refusal?.sentence.contains("\"sub/a.stl\", \"b.stl\"") == true)
    }

    /// From names, some with `-> other` that they refer to.
    private func choice(_ files: [String], useful: Set<Format> = Set(Format.all)) -> ModelRoot {
        let pairs = files.map { $0.split(separator: " ").map(String.init) }
        let names = ModelNames(pairs.map { $0[0] })
        return ModelRoot(names: names, isUseful: useful.contains) { name, format in
            let target = pairs.first { $0[0] == name }?.last ?? name
            let text = format == .scad ? "use <\(target)>" : #"{"buffers":[{"uri":"\#(target)"}]}"#
            return try? ModelSurvey(root: name, format: format, among: names, libraries: []) { _ in
                Content(Array(text.utf8))
            }
        }
    }
}
