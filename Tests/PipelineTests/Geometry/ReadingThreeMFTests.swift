import Persistence
import TestSupport
import Testing

@testable import Pipeline

struct ReadingThreeMFTests {
    private static let mesh = """
        <mesh><vertices><vertex x="0" y="0" z="0"/><vertex x="1" y="0" z="0"/><vertex x="0" y="2" z="0"/>
        <vertex x="0" y="0" z="3e0"/></vertices><triangles><triangle v1="0" v2="2" v3="1"/>
        <triangle v1="0" v2="1" v3="3"/><triangle v1="0" v2="3" v3="2"/><triangle v1="1" v2="2" v3="3"/></triangles></mesh>
        """
    private static let object = #"<object id="1" type="model">\#(mesh)</object>"#

    private func package(_ objects: String, build: String, more: [(String, String)] = []) -> [UInt8] {
        let model = #"<model unit="inch" xmlns="x"><resources>\#(objects)</resources><build>\#(build)</build></model>"#
        let parts = [("[Content_Types].xml", "<Types/>"), ("3D/3dmodel.model", model)] + more
        return Samples.zip(parts.map { ($0.0, Array($0.1.utf8)) })
    }

    @Test func `a 3MF is measured`() throws {
        let found = try measured(package(Self.object, build: "<item objectid='1'/>"), as: .threeMF)
        #expect(found?.shape == Tetrahedron.geometry)
        #expect([found?.meshes, found?.materials, found?.textures, found?.animations] == [1, 0, 0, 0])
        #expect(try measured(Samples.threeMF(), as: .threeMF)?.triangles == 12)
    }

    @Test func `items and components are placed, and what is not built does not count`() throws {
        let objects =
            Self.object + """
                <object id="2"><components><component objectid="1"/>
                <component objectid="1" transform="1 0 0 0 1 0 0 0 1 10 0 0"/></components></object><object id="3">\(Self.mesh)</object>
                """
        let bytes = package(objects, build: "<item objectid='2' transform='0 1 0 -1 0 0 0 0 1 5 5 5'/>")
        let found = try measured(bytes, as: .threeMF)
        #expect(found?.shape == Geometry(vertices: 8, triangles: 8, extents: [2, 11, 3]))
        #expect(found?.meshes == 1)
    }

    @Test func `objects may be in other parts of the package`() throws {
        let other = "<model><resources>\(Self.object)</resources><build><item objectid='1'/></build></model>"
        let objects =
            "<object id='7'><components><component p:path='/3D/Other.model' objectid='1'/></components></object>"
        let bytes = package(objects, build: "<item objectid='7'/>", more: [("3D/other.model", other)])
        #expect(try measured(bytes, as: .threeMF)?.shape == Tetrahedron.geometry)
    }

    @Test func `the relationships say which part is the root`() throws {
        let relation = """
            <Relationships><Relationship Target="/3D/other.model" Id="r"
            Type="http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel"/></Relationships>
            """
        let other = "<model><resources>\(Self.object)</resources><build><item objectid='1'/></build></model>"
        let more = [("_rels/.rels", relation), ("3D/other.model", other)]
        #expect(try measured(package("", build: "", more: more), as: .threeMF)?.triangles == 4)
    }

    @Test func `a package that builds nothing is empty`() throws {
        #expect(try measured(package(Self.object, build: ""), as: .threeMF)?.isEmpty == true)
    }

    @Test(arguments: [
        ("objectid='1'", "objectid='2'"), ("objectid='1'", "objectid='1' path='/none.model'"), ("v1=\"1\"", "v1=\"4\""),
        ("v1=\"1\"", "v1=\"-1\""), ("v1=\"1\"", "v=\"1\""), ("x=\"1\"", "x=\"nan\""), ("x=\"1\"", "x=\"1 2\""),
        ("objectid='1'", "objectid='1' transform='1 0 0'"), ("id=\"1\"", "id=\"one\""), ("<model", "<mode1"),
        ("</build>", ""), ("<model", "<!DOCTYPE m [<!ENTITY a 'b'>]><model"),
        ("type=\"model\">", "><components><component objectid='1'/></components>"),
    ]) func `a lying 3MF is refused`(honest: String, lie: String) throws {
        let model = "<model><resources>\(Self.object)</resources><build><item objectid='1'/></build></model>"
        #expect(model.contains(honest))
        let bytes = Samples.zip([("3D/3dmodel.model", Array(model.replacing(honest, with: lie).utf8))])
        #expect(try isInvalid(bytes, as: .threeMF))
    }

    @Test func `components of components run into the caps`() throws {
        let bomb = (2..<40).map { level in
            let one = "<component objectid='\(level - 1)'/>"
            return "<object id='\(level)'><components>\(one)\(one)</components></object>"
        }.joined()
        let bytes = package(Self.object + bomb, build: "<item objectid='39'/>")
        #expect(throws: ReadError.tooLarge("The model has more than 100000 elements.")) {
            try measured(bytes, as: .threeMF, caps: ReadCaps(elements: 100_000))
        }
    }

    @Test func `a part that is not there, and what is no archive, is refused`() throws {
        #expect(try isInvalid(Samples.zip([("a.txt", [65])]), as: .threeMF))
        #expect(try isInvalid(Array("PK but no archive".utf8), as: .threeMF))
    }
}
