import FoundationEssentials
import Pipeline
import Testing

struct FormatTests {
    @Test(arguments: ["obj", "OBJ", ".obj", ".Obj"])
    func `a format is found by its name in any case, with or without a dot`(text: String) {
        #expect(Format.named(text) == .obj)
    }

    @Test func `a format is found by each of its extensions`() {
        #expect(["stp", "igs", "usdc", "brp"].map(Format.named) == [.step, .iges, .usd, .brep])
    }

    @Test(arguments: ["", ".", "..obj", "jpg", "objx"])
    func `what is no format is not found`(text: String) {
        #expect(Format.named(text) == nil)
    }

    @Test func `no two formats share an extension, and the first is the name`() {
        let extensions = Format.all.flatMap(\.extensions)
        #expect(Set(extensions).count == extensions.count)
        #expect(Format.all.allSatisfy { $0.extensions.first == $0.name })
    }

    @Test func `the extension counts, whatever path comes before it`() {
        #expect(Format.ofFile(#"C:\models.glb\part.v2.STL"#) == .stl)
        #expect(Format.ofFile("part.glb/readme") == nil)
    }

    @Test func `pictures and pages can be asked for, but are no sources`() {
        for format in [Format.svg, .pdf, .png] {
            #expect(Format.named(format.name) == format)
            #expect(Format.ofFile("drawing.\(format)") == nil)
        }
    }

    @Test(arguments: [("gtlf", "gltf"), ("glbb", "glb"), ("blender", "blend"), (".stpp", "step"), ("3d", "3ds")])
    func `a slip of the pen is understood`(text: String, name: String) {
        #expect(Format.nearest(to: text)?.name == name)
    }

    @Test(arguments: ["", "a", "gif", "webp", "docx", "zip", String(repeating: "g", count: 100_000)])
    func `what resembles nothing has no nearest format`(text: String) {
        #expect(Format.nearest(to: text) == nil)
    }

    @Test func `a format is written as its name and read from any extension`() throws {
        #expect(String(decoding: try JSONEncoder().encode([Format.threeMF]), as: UTF8.self) == #"["3mf"]"#)
        #expect(try JSONDecoder().decode([Format].self, from: Data(#"["STP"]"#.utf8)) == [.step])
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([Format].self, from: Data(#"["jpg"]"#.utf8)) }
    }
}
