import SystemPackage
import TestSupport
import Testing

@testable import Pipeline

struct ModelSurveyTests {
    @Test func `all that is missing is told at once, also what a material lacks`() throws {
        let survey = try survey([
            "box.obj": "mtllib box.mtl other.mtl", "box.mtl": "map_Kd wood.png\nbump maps/bump.png", "wood.png": "",
        ])
        #expect(survey.missing.map(\.text) == ["other.mtl", "maps/bump.png"])
        #expect(survey.found == ["box.mtl", "wood.png"])
        #expect(survey.missingNeeded.isEmpty)
    }

    @Test func `other case, backslashes and other folders are found, under the name referred to`() throws {
        let survey = try survey([
            "box.obj": "mtllib Box.MTL", "box.mtl": "map_Kd maps\\Wood.png\nmap_Ks stone.png", "maps/wood.PNG": "",
            "textures/stone.png": "",
        ])
        #expect(survey.missing.isEmpty)
        #expect(
            survey.aliases == [
                "Box.MTL": "box.mtl", "maps/Wood.png": "maps/wood.PNG", "maps\\Wood.png": "maps/wood.PNG",
                "stone.png": "textures/stone.png",
            ])
    }

    @Test func `a file is also found by tools that do not decode its name`() throws {
        let survey = try ModelSurvey(
            root: "a/a.gltf", format: .gltf, among: ModelNames(["a/a.gltf", "a/my box.bin"]), libraries: [],
            open: { _ in Content(Samples.gltf(bufferURI: "./my%20box.bin")) })
        #expect(survey.missing.isEmpty && survey.aliases == ["a/my%20box.bin": "a/my box.bin"])
    }

    @Test func `where two files could be meant none is`() throws {
        let survey = try survey(["box.obj": "mtllib box.mtl", "a/box.mtl": "", "b/box.mtl": ""])
        #expect(survey.missing.map(\.text) == ["box.mtl"])
    }

    @Test func `a texture lies beside its material, and is shown beside the model as well`() throws {
        let survey = try survey(["box.obj": "mtllib sub/box.mtl", "sub/box.mtl": "map_Kd wood.png", "sub/wood.png": ""])
        #expect(survey.missing.isEmpty)
        #expect(survey.aliases == ["wood.png": "sub/wood.png"])
    }

    @Test func `a reference in a side file that leaves the model is one of the model`() throws {
        let survey = try survey(["box.obj": "mtllib box.mtl", "box.mtl": "map_Kd /etc/passwd"])
        #expect(survey.stray?.text == "/etc/passwd")
    }

    @Test func `programs are followed through their folders, in circles too`() throws {
        let survey = try survey(
            [
                "main.scad": "include <lib/a.scad>", "lib/a.scad": "use <b.scad>\nuse <a.scad>",
                "lib/b.scad": "include <a.scad>\nimport(\"part.stl\"); import(\"none.stl\");", "lib/part.stl": "",
            ], root: "main.scad", format: .scad)
        #expect(survey.found == ["lib/a.scad", "lib/b.scad", "lib/part.stl"])
        #expect(survey.missingNeeded.map(\.text) == ["none.stl"])
    }

    @Test func `what a library has is not missing, for programs alone`() async throws {
        try await withTemporaryFolder { folder in
            try FileDescriptor.open(
                folder.appending("gears.scad"), .writeOnly, options: .create, permissions: .ownerReadWrite
            ).close()
            let survey = try survey(
                ["main.scad": "use <gears.scad>\nimport(\"gears.scad\");\nuse <none.scad>"], root: "main.scad",
                format: .scad, libraries: [folder])
            #expect(survey.missing.map(\.kind) == [.part, .program])
        }
    }

    @Test func `letters made of one mark or two are the same`() throws {
        let survey = try survey(["box.obj": "mtllib gr\u{F6}\u{DF}e.mtl", "gro\u{308}\u{DF}e.mtl": ""])
        #expect(survey.missing.isEmpty && survey.aliases.count == 1)
    }

    private func survey(
        _ files: [String: String], root: String = "box.obj", format: Format = .obj, libraries: [FilePath] = []
    ) throws -> ModelSurvey {
        try ModelSurvey(
            root: root, format: format, among: ModelNames(files.keys.sorted()), libraries: libraries,
            open: { Content(Array((files[$0] ?? "").utf8)) })
    }
}
