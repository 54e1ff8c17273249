import SystemPackage
import TestSupport
import Testing

@testable import Pipeline

struct FrameTests {
    private func frame(_ bytes: [UInt8], _ format: Format) throws -> Frame {
        let folder = try ModelFolder()
        return .of(format, at: FilePath(try folder.write(bytes, as: "model")))
    }

    private func frame(_ text: String, _ format: Format) throws -> Frame { try frame(Array(text.utf8), format) }

    @Test(arguments: [
        (#"<unit name="inch" meter="0.0254"/><up_axis>Z_UP</up_axis>"#, Frame(metresPerUnit: 0.0254, up: .z)),
        ("<up_axis> X_UP </up_axis>", Frame(metresPerUnit: 1, up: nil)), ("", Frame(metresPerUnit: 1, up: .y)),
        (#"<unit meter="-1"/>"#, Frame(metresPerUnit: 1, up: .y)),
    ]) func `a Collada file tells its unit and its up axis`(asset: String, expected: Frame) throws {
        #expect(try frame("<COLLADA><asset>\(asset)</asset><unit meter='7'/></COLLADA>", .dae) == expected)
    }

    @Test(arguments: [("inch", 0.0254), ("micron", 1e-6), ("foot", 0.3048), ("furlong", nil)])
    func `a 3MF tells its unit`(unit: String, metres: Double?) throws {
        let model = Array("<model unit='\(unit)'/>".utf8)
        let found = try frame(Samples.zip([("3D/3dmodel.model", model)]), .threeMF)
        #expect(found == Frame(metresPerUnit: metres, up: .z))
    }

    @Test func `a 3MF that tells no unit is in millimetres`() throws {
        let found = try frame(Samples.zip([("3D/3dmodel.model", Array("<model/>".utf8))]), .threeMF)
        #expect(found == Frame(metresPerUnit: 0.001, up: .z))
    }

    @Test func `an FBX as text tells its unit and its up axis`() throws {
        let text = String(decoding: Samples.fbx(), as: UTF8.self)
        #expect(try frame(text, .fbx) == Frame(metresPerUnit: 0.01, up: .y))
        let other = text.replacing(#""UpAxis", "int", "Integer", "",1"#, with: #""UpAxis", "int", "Integer", "",2"#)
            .replacing(
                #""UnitScaleFactor", "double", "Number", "",1"#, with: #""UnitScaleFactor","double","","", 2.54"#)
        #expect(try frame(other, .fbx) == Frame(metresPerUnit: 2.54 * 0.01, up: .z))
        #expect(try frame("; FBX 7.4.0 project file\n", .fbx) == Frame(metresPerUnit: 0.01, up: .y))
    }

    @Test func `a binary FBX tells its unit and its up axis, and names that resemble them do not count`() throws {
        func word(_ text: String) -> [UInt8] {
            [UInt8(ascii: "S")] + Tetrahedron.little(UInt32(text.utf8.count)) + Array(text.utf8)
        }
        func record(_ words: [String], _ value: [UInt8]) -> [UInt8] { words.flatMap(word) + value }
        let axis = [UInt8(ascii: "I")] + Tetrahedron.little(UInt32(2))
        let wrong = [UInt8(ascii: "I")] + Tetrahedron.little(UInt32(0))
        let factor = [UInt8(ascii: "D")] + Tetrahedron.little((100.0).bitPattern)
        let bytes =
            Array("Kaydara FBX Binary  \0\u{1A}\0".utf8)
            + record(["OriginalUpAxis", "int", "Integer", ""], wrong)
            + record(["UpAxisSign", "int", "Integer", ""], wrong)
            + record(["UpAxis", "int", "Integer", ""], axis)
            + record(["UnitScaleFactor", "double", "Number", ""], factor)
        #expect(try frame(bytes, .fbx) == Frame(metresPerUnit: 1, up: .z))
        for count in 0..<bytes.count { _ = try frame(Array(bytes.prefix(count)), .fbx) }
    }

    @Test func `a USD file as text tells its unit and its up axis, and a binary one what is usual`() throws {
        let text =
            "#usda 1.0\n(\n    metersPerUnit = 0.001\n    upAxis = \"Z\"\n)\ndef Xform \"a\"\n{\n upAxis = \"Y\"\n}\n"
        #expect(try frame(text, .usd) == Frame(metresPerUnit: 0.001, up: .z))
        #expect(try frame("#usda 1.0\n", .usd) == Frame(metresPerUnit: 0.01, up: .y))
        #expect(try frame("PXR-USDC\0\0", .usd) == .of(.usd))
    }

    @Test(arguments: [
        ("#1=(LENGTH_UNIT()NAMED_UNIT(*)SI_UNIT(.MILLI.,.METRE.));", 0.001),
        ("#1 = ( LENGTH_UNIT ( ) NAMED_UNIT ( * )\n SI_UNIT ( $ , .METRE. ) );", 1),
        (
            """
            #1=(CONVERSION_BASED_UNIT('INCH; ''',#5)LENGTH_UNIT()NAMED_UNIT(#9));
            #5=LENGTH_MEASURE_WITH_UNIT(LENGTH_MEASURE(25.4),#6);#6=(LENGTH_UNIT()NAMED_UNIT(*)SI_UNIT(.MILLI.,.METRE.));
            """, 0.0254
        ),
        ("#1=(CONVERSION_BASED_UNIT('X',#5)LENGTH_UNIT());#5=LENGTH_MEASURE_WITH_UNIT(LENGTH_MEASURE(2.),#1);", nil),
        ("#2=(LENGTH_UNIT()NAMED_UNIT(*)SI_UNIT(.MILLI.,.METRE.));", nil),
    ]) func `a STEP file tells the length unit that its contexts use`(units: String, metres: Double?) throws {
        let text = """
            ISO-10303-21;DATA;\(units)
            #3=(NAMED_UNIT(*)PLANE_ANGLE_UNIT()SI_UNIT($,.RADIAN.));
            #4=(GEOMETRIC_REPRESENTATION_CONTEXT(3)GLOBAL_UNIT_ASSIGNED_CONTEXT((#1,#3))REPRESENTATION_CONTEXT('',''));
            ENDSEC;END-ISO-10303-21;
            """
        let found = try frame(text, .step)
        #expect(found.up == .z)
        #expect(found.metresPerUnit.map { abs($0 - (metres ?? 0)) < 1e-12 } == metres.map { _ in true })
    }

    @Test(arguments: [
        (",,4Hpart,6Ha;,b.x,1Hs,1Hp,32,38,6,308,15,4Hpart,1.,2,2HMM,1,0.01;", 0.001),
        ("1H$$1H;$1Ha$1Hb$$$32$38$6$308$15$$1.$3$4HINCH$1;", 0.0254), (",,,,,,,,,,,,1.,10,;", 0.01),
        (",,,,,,,,,,,,1.,99,;", nil), (",,,", 0.0254), (",,99999H", 0.0254),
    ]) func `an IGES file tells its unit`(global: String, metres: Double?) throws {
        var rest = global[...]
        var text = String(repeating: " ", count: 72) + "S      1\n"
        while !rest.isEmpty {
            text += rest.prefix(72) + String(repeating: " ", count: 72 - rest.prefix(72).count) + "G      1\n"
            rest = rest.dropFirst(72)
        }
        #expect(try frame(text, .iges) == Frame(metresPerUnit: metres, up: .z))
    }

    @Test func `a file that cannot be read means what its format means`() {
        #expect(Frame.of(.fbx, at: "/nowhere") == .of(.fbx))
        #expect(Frame.of(.threeMF, at: "/nowhere") == .of(.threeMF))
        #expect(Frame.of(.step, at: "/nowhere") == .of(.step))
    }
}
