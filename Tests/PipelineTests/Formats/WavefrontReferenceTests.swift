import Pipeline
import TestSupport
import Testing

struct WavefrontReferenceTests {
    @Test func `the material library of an OBJ and the texture of that are found`() throws {
        let files = Samples.obj(texture: #".\skins\my skin.png"#)
        let material = try References.list(in: Content(files.obj), of: .obj)
        #expect(material.map(\.verdict) == [.inside("box.mtl")])
        #expect(material.map(\.kind) == [.material])
        let texture = try References.list(inMaterials: Content(files.mtl))
        #expect(texture.map(\.verdict) == [.inside("skins/my skin.png")])
        #expect(texture.map(\.kind) == [.texture])
    }

    @Test(arguments: [
        ("mtllib a.mtl b.MTL", ["a.mtl", "b.MTL"]), ("mtllib my box.mtl other.mtl", ["my box.mtl", "other.mtl"]),
        ("mtllib materials", ["materials"]), ("  MTLLIB\ta.mtl  \r\n", ["a.mtl"]),
        ("mtllib \"my box.mtl\"", ["my box.mtl"]),
        ("mtllib ./sub/./a.mtl", ["sub/a.mtl"]), ("mtllib 50%20off.mtl", ["50%20off.mtl"]), ("mtllib", []),
        ("usemtl ../a", []),
        ("# mtllib ../a.mtl", []), ("mtllib my\\\n box.mtl", ["my box.mtl"]), ("mtllib a.mtl\nmtllib a.mtl", ["a.mtl"]),
    ])
    func `libraries are told apart, whatever their names`(text: String, names: [String]) throws {
        #expect(try verdicts(text) == names.map { .inside($0) })
    }

    @Test(arguments: [
        ("map_Kd wood.png", "wood.png"), ("map_Kd -s 1 1 1 -o 0.5 -clamp on old wood.png", "old wood.png"),
        ("bump -bm 1.0 bumps.png", "bumps.png"), ("refl -type sphere -mm 0 1 sky.hdr", "sky.hdr"),
        ("norm n.png", "n.png"),
        ("map_Pr -imfchan r rough.png", "rough.png"), ("disp -unknown d.png", "d.png"),
        ("decal -t 1 2 3 4.png", "4.png"),
        ("map_Ks -blendu on 1.png", "1.png"),
    ])
    func `the options before a texture's name are left out`(text: String, name: String) throws {
        #expect(try verdicts(text) == [.inside(name)])
    }

    @Test(arguments: [
        "mtllib ../a.mtl", #"mtllib ..\a.mtl"#, "mtllib /etc/passwd", "mtllib a.mtl ../../b.mtl", #"mtllib C:\a.mtl"#,
        #"map_Kd \\host\share\a.png"#, "map_Kd http://host/a.png", "map_Kd -bm 1 /etc/passwd", "bump -o 1 ../x.png",
        "map_Kd -unknown ../x.png y.png", "map_Kd a b/../../../c.png", "refl %2e%2e/x.png", "map_Kdx ../a",
        "mtllib \"../a.mtl\"",
        "mtllib ..\\\n/a.mtl", "mtllib .\\\n./a.mtl", "junk \\\nmtllib ../a.mtl", "# junk \\\r\nmtllib ../a.mtl",
        "v 0 0 0\rmtllib ../a",
        "v\0mtllib ../a", "\u{C}mtllib ../a", "mtllib a\u{1}b", "map_Kd data:image/png;base64,AAAA", "call ../more.obj",
        "shadow_obj /a.obj", "maplib ../a", "mtllib '../a.mtl", "mtllib " + String(repeating: "a", count: 2000),
        "mtllib " + String(repeating: "a", count: 20_000), "mtllib a" + String(repeating: "a\\\n", count: 5000),
    ])
    func `a line is unsafe when any reader might leave the folder with it`(text: String) throws {
        let verdicts = try verdicts(text)
        #expect(!verdicts.isEmpty)
        for case .inside(let path) in verdicts { Issue.record("\(path) passed") }
    }

    @Test func `names beyond ASCII are read in UTF-8 and in Latin-1`() throws {
        #expect(try verdicts("map_Kd größe.png") == [.inside("größe.png")])
        let latin = Array("map_Kd gr".utf8) + [0xF6, 0xDF] + Array("e.png".utf8)
        #expect(try References.list(inMaterials: Content(latin)).map(\.verdict) == [.inside("größe.png")])
    }

    @Test func `formats whose references are not read have none`() throws {
        #expect(try References.list(in: Content(Samples.stl()), of: .stl).isEmpty)
    }

    private func verdicts(_ text: String) throws -> [Reference.Verdict] {
        try References.list(in: Content(Array(text.utf8)), of: .obj).map(\.verdict)
    }
}
