import TestSupport
import Testing

@testable import Pipeline

struct RecognitionTests {
    static let samples: [(Format, [UInt8])] = [
        (.obj, Samples.obj()), (.obj, Samples.obj(triangles: 10_000)), (.stl, Samples.stl()),
        (.stl, Samples.stlASCII()),
        (.ply, Samples.ply()), (.ply, Samples.plyASCII()), (.off, Samples.off()), (.threeDS, Samples.threeDS()),
        (.dae, Samples.dae()), (.x, Samples.x()), (.gltf, Samples.gltf()), (.glb, Samples.glb()), (.fbx, Samples.fbx()),
        (.threeMF, Samples.threeMF()), (.x3d, Samples.x3d()), (.dxf, Samples.dxf()), (.glb, Samples.glbCutShort()),
    ]

    /// Openings of files of which there is no sample.
    static let openings: [(Format, String)] = [
        (.fbx, "Kaydara FBX Binary  \0\u{1A}\0"), (.fbx, "; made by hand\r\n\r\nFBXHeaderExtension:  {\r\n"),
        (.dwg, "AC1032\0\0\0\0\0"), (.x, "xof 0302bin 0064\u{1}\0"), (.off, "# comment\nSTCNOFF\n# more\n3 1 0\n"),
        (.off, "OFF 8 6 0\n"), (.off, "OFF BINARY\n\0\0\0\u{8}"),
        (.dxf, "999\r\n\r\n999\r\nby hand\r\n  0\r\nSECTION\r\n"),
        (.dxf, "AutoCAD Binary DXF\r\n\u{1A}\0"), (.step, "\u{FEFF}/* ; */\r\nISO-10303-21;\r\nHEADER;\r\n"),
        (.brep, "\nDBRep_DrawableShape\n\nCASCADE Topology V1\n"), (.brep, "CASCADE Topology V3, (c) Open Cascade\n"),
        (.iges, String(repeating: " ", count: 72) + "S0000001\n"),
        (.iges, "Größe" + String(repeating: " ", count: 67) + "S      1\r\n"),
        (.iges, String(repeating: "x", count: 72) + "S      1" + String(repeating: "y", count: 72) + "S      2"),
        (.usd, "#usda 1.0\n"), (.usd, "PXR-USDC\0\u{7}"), (.abc, "Ogawa\0"), (.blend, "BLENDER-v304"),
        (.blend, "BLENDER17-01v0500"),
        (.amf, "<?xml version='1.0'?>\n<!-- <X3D> -->\n<amf unit='inch'>"),
        (.gltf, #" {"accessors" : [{"bufferView":0"#),
        (.dae, "<!DOCTYPE COLLADA [ <!ENTITY a '>'> ]>\n<c:COLLADA xmlns:c='x'>"),
        (.stl, "  SOLID x\nFACET NORMAL 0 0 1\n"),
    ]

    static let strangers: [(bytes: [UInt8], seen: String)] = [
        (Samples.png(), "a PNG image"), (Array("%PDF-1.7\n".utf8), "a PDF document"), ([], "an empty file"),
        (Array("\u{7F}ELF\u{2}\u{1}\u{1}\0".utf8), "an ELF program"), (Samples.zip([("a.txt", [65])]), "a zip archive"),
        ([0x1F, 0x8B, 8, 0], "a gzip archive"), ([0xFF, 0xD8, 0xFF, 0xE0], "a JPEG image"),
        ([UInt8](repeating: 0, count: 5000), "nothing but zero bytes"),
        (Array(" \n\n".utf8), "nothing but white space"),
        (Array("\n<!DOCTYPE html>\n<title>404</title>".utf8), "an HTML page"),
        (Array("<HTML><body>".utf8), "an HTML page"),
        (Array("<svg xmlns='x'/>".utf8), "an SVG drawing"),
        (Array("<?xml version='1.0'?><kml/>".utf8), "an XML document (kml)"),
        (Array(#"{"a": 1}"#.utf8), "a JSON document"),
        (Array("newmtl a\nKd 1 0 0\n".utf8), "a Wavefront material library (mtl)"),
        (Array("ISO-10303-21;\nHEADER;\nFILE_SCHEMA(('IFC4'));".utf8), "an IFC building model"),
        (Array("Off we go, said the fox.\nv is for vixen\n".utf8), "plain text"),
        ([0x13, 0x37, 0, 0xFF, 4], "unknown binary data"),
        ([0x4D, 0x4D, 0x00, 0x2A, 0, 0, 0, 8], "a TIFF image"),
    ]

    @Test(arguments: samples + openings.map { ($0, Array($1.utf8)) })
    func `a file is recognised under its own name and under none`(format: Format, bytes: [UInt8]) {
        #expect(recognise(Content(bytes), filename: "model.\(format.name)") == .recognised(format))
        #expect(recognise(Content(bytes), filename: nil) == .recognised(format))
        #expect(recognise(Content(bytes), filename: "model.bin") == .recognised(format))
    }

    @Test(arguments: samples + openings.map { ($0, Array($1.utf8)) })
    func `content that is another format than the name says is contradicted`(format: Format, bytes: [UInt8]) {
        for other in Format.all where other != format && other.isSource {
            guard case .contradicted(other, let seen) = recognise(Content(bytes), filename: "a.\(other)") else {
                Issue.record("\(format) passed as \(other)")
                continue
            }
            #expect(seen.hasSuffix(" \(format.label) (\(format))"))
        }
    }

    @Test(arguments: strangers)
    func `what is no model is told in words, whatever its name`(bytes: [UInt8], seen: String) {
        #expect(recognise(Content(bytes), filename: "a.zip") == .unrecognised(seen: seen))
        #expect(recognise(Content(bytes), filename: "a.obj") == .contradicted(named: .obj, seen: seen))
        #expect(recognise(Content(bytes), filename: "a.stl") == .contradicted(named: .stl, seen: seen))
    }

    @Test func `pictures and pages are known by their content, and taken in under no name`() {
        let drawings: [(Format, [UInt8])] = [
            (.png, Samples.png()), (.pdf, Array("%PDF-1.7\n".utf8)), (.svg, Array("<svg xmlns='x'/>".utf8)),
        ]
        for (format, bytes) in drawings {
            #expect(Format.all.filter { $0.evidence(Content(bytes)) == .certain } == [format])
            guard case .unrecognised = recognise(Content(bytes), filename: "a.\(format)") else {
                Issue.record("\(format) was taken in")
                continue
            }
        }
    }

    @Test func `what is seen reads as part of a sentence`() {
        #expect(
            recognise(Content(Samples.glb()), filename: "a.stl")
                == .contradicted(named: .stl, seen: "a glTF binary (glb)"))
        #expect(
            recognise(Content(Samples.stl()), filename: "a.obj")
                == .contradicted(named: .obj, seen: "an STL mesh (stl)"))
    }

    @Test func `program text needs its name, and passes as no other`() {
        let program = Content(Array("cube(15, center = true);\n".utf8))
        #expect(recognise(program, filename: "a.scad") == .recognised(.scad))
        #expect(recognise(program, filename: "a.csg") == .recognised(.csg))
        #expect(recognise(program, filename: nil) == .unrecognised(seen: "plain text"))
        #expect(recognise(program, filename: "a.obj") == .contradicted(named: .obj, seen: "plain text"))
        #expect(
            recognise(Content(Array("<html>".utf8)), filename: "a.scad")
                == .contradicted(named: .scad, seen: "an HTML page"))
    }

    @Test func `an OBJ without faces goes with its name only`() {
        let corners = Content(Samples.objWithoutFaces())
        #expect(recognise(corners, filename: "a.obj") == .recognised(.obj))
        #expect(recognise(corners, filename: nil) == .unrecognised(seen: "plain text"))
    }

    @Test func `an OBJ is known though its faces come after the first 64 KB`() {
        let bytes = Samples.obj(triangles: 50_000)
        #expect(
            recognise(Content(bytes), filename: "a.ply") == .contradicted(named: .ply, seen: "a Wavefront OBJ (obj)"))
    }

    @Test func `a binary STL is known by its size, whatever its header says`() {
        let bytes = Array("solid facet".utf8) + Samples.stl().dropFirst(11)
        #expect(recognise(Content(bytes), filename: nil) == .recognised(.stl))
    }

    @Test func `a binary STL that is cut short, or has something appended, goes with its name only`() {
        for bytes in [Samples.stl() + [1, 2, 3], Array(Samples.stl().dropLast(60))] {
            #expect(recognise(Content(bytes), filename: "a.stl") == .recognised(.stl))
            #expect(recognise(Content(bytes), filename: nil) == .unrecognised(seen: "unknown binary data"))
        }
    }

    @Test func `XML in UTF-16 is recognised, in either byte order`() {
        let units = Array("\u{FEFF}\(String(decoding: Samples.dae(), as: UTF8.self))".utf16)
        let little = units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let big = units.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        #expect(recognise(Content(little), filename: nil) == .recognised(.dae))
        #expect(recognise(Content(big), filename: nil) == .recognised(.dae))
    }

    @Test func `a package is known by its directory, however long its first entry`() {
        let picture = ("Metadata/thumbnail.png", [UInt8](repeating: 7, count: 200_000))
        let parts: [(String, [UInt8])] = [picture, ("[Content_Types].xml", [60]), ("3D/3dmodel.model", [60])]
        #expect(recognise(Content(Samples.zip(parts)), filename: nil) == .recognised(.threeMF))
        #expect(recognise(Content(Samples.zip([("scene.usdc", [1])])), filename: nil) == .recognised(.usdz))
        #expect(recognise(Content(Samples.zip([("part.amf", [60])])), filename: nil) == .recognised(.amf))
    }

    @Test func `a compressed Blender file needs its name`() {
        #expect(recognise(Content([0x28, 0xB5, 0x2F, 0xFD, 0]), filename: "a.blend") == .recognised(.blend))
        #expect(
            recognise(Content([0x28, 0xB5, 0x2F, 0xFD, 0]), filename: nil) == .unrecognised(seen: "a zstd archive"))
    }

    @Test func `what tells the format may come after the first 64 KB, and then the name must do`() {
        let long = String(repeating: "x", count: 100_000)
        let markup = Content(Array("<!-- \(long) --><COLLADA/>".utf8))
        #expect(recognise(markup, filename: "a.dae") == .recognised(.dae))
        #expect(recognise(markup, filename: nil) == .unrecognised(seen: "an XML document"))
        let scene = Content(Array(#"{"images":[{"uri":"data:,\#(long)"}],"asset":{"version":"2.0"}}"#.utf8))
        #expect(recognise(scene, filename: "a.gltf") == .recognised(.gltf))
        #expect(recognise(scene, filename: nil) == .unrecognised(seen: "a JSON document"))
    }
}
