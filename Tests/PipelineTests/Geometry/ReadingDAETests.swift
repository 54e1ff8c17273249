import Persistence
import TestSupport
import Testing

@testable import Pipeline

struct ReadingDAETests {
    private static let box = String(decoding: Samples.dae(), as: UTF8.self)
    private static let node = "<node id=\"node\"><instance_geometry url=\"#box\"/></node>"

    private func extents(_ node: String) throws -> [Double] {
        let found = try measured(Self.box.replacing(Self.node, with: node), as: .dae)
        return (found?.extents ?? []).map { ($0 * 1e9).rounded() / 1e9 }
    }

    @Test func `a Collada scene is measured`() throws {
        let found = try measured(Self.box, as: .dae)
        #expect(found?.shape == Geometry(vertices: 8, triangles: 12, extents: [1, 2, 3]))
        #expect([found?.meshes, found?.materials, found?.textures, found?.animations] == [1, 0, 0, 0])
    }

    @Test(arguments: [
        ("<scale>2 3 4</scale>", [2.0, 6, 12]), ("<rotate>1 0 0 90</rotate>", [1, 3, 2]),
        ("<matrix>0 -1 0 5 1 0 0 5 0 0 1 5 0 0 0 1</matrix>", [2, 1, 3]),
        ("<rotate>0 0 2 90</rotate><scale>10 1 1</scale><translate>1 2 3</translate>", [2, 10, 3]),
    ]) func `nodes move, turn and scale what they hold`(steps: String, expected: [Double]) throws {
        #expect(try extents("<node>\(steps)<node><instance_geometry url='#box'/></node></node>") == expected)
    }

    @Test func `every instance counts, of geometries and of nodes`() throws {
        let nodes = Self.node + "<node><translate>10 0 0</translate><instance_node url='#node'/></node>"
        let found = try measured(Self.box.replacing(Self.node, with: nodes), as: .dae)
        #expect(found?.shape == Geometry(vertices: 16, triangles: 24, extents: [11, 2, 3]))
        #expect(found?.meshes == 1)
    }

    @Test func `what is skinned counts at rest`() throws {
        let controller =
            "<library_controllers><controller id='c'><skin source='#box'/></controller></library_controllers>"
        let text = Self.box.replacing("geometry url=\"#box\"", with: "controller url='#c'")
            .replacing("<library_visual", with: controller + "<library_visual")
        #expect(try measured(text, as: .dae)?.triangles == 12)
    }

    @Test(arguments: [
        ("<polylist count='2'>%<vcount>4 3</vcount><p>0 1 2 3 4 5 6</p></polylist>", 3),
        ("<polygons count='2'>%<p>0 1 2 3</p><ph><p>0 1 2</p><h>5 6 7</h></ph></polygons>", 3),
        ("<tristrips count='2'>%<p>0 1 2 3</p><p>0 1 2</p></tristrips>", 3),
        ("<triangles count='1'>%<input semantic='NORMAL' offset='2'/><p>0 0 99 1 0 99 2 0 99</p></triangles>", 1),
        ("<lines count='1'>%<p>0 1</p></lines>", 0),
    ]) func `every kind of face is counted`(faces: String, triangles: Int) throws {
        let start = try #require(Self.box.firstRange(of: "<triangles")).lowerBound
        let end = try #require(Self.box.firstRange(of: "</triangles>")).upperBound
        let input = "<input semantic='VERTEX' source='#vertices' offset='0'/>"
        let text = Self.box[..<start] + faces.replacing("%", with: input) + Self.box[end...]
        #expect(try measured(String(text), as: .dae)?.triangles == triangles)
    }

    @Test func `materials, images and animations are counted`() throws {
        let bound = """
            <instance_geometry url="#box"><bind_material><technique_common><instance_material target="#a"/>
            <instance_material target="#b"/><instance_material target="#a"/></technique_common></bind_material>
            </instance_geometry>
            """
        let more =
            "<library_images><image/><image/></library_images>"
            + "<library_animations><animation/><animation/></library_animations><library_geom"
        let text = Self.box.replacing("<instance_geometry url=\"#box\"/>", with: bound)
            .replacing("<library_geom", with: more)
        let found = try measured(text, as: .dae)
        #expect([found?.materials, found?.textures, found?.animations] == [2, 2, 1])
    }

    @Test(arguments: [
        ("url=\"#box\"", "url=\"#none\""), ("<p>", "<p>8 "), ("<p>", "<p>x "), ("<p>", "<p>99999999999999999999 "),
        ("semantic=\"POSITION\"", "semantic=\"NORMAL\""),
        ("<node id=\"node\">", "<node id='n'><instance_node url='#n'/>"),
        ("<COLLADA", "<!DOCTYPE x [<!ENTITY a 'b'>]><COLLADA"), ("</COLLADA>", ""),
        ("<float_array", "<float_array>x</float_array><f"),
    ]) func `a lying Collada file is refused`(honest: String, lie: String) throws {
        #expect(Self.box.contains(honest))
        #expect(try isInvalid(Self.box.replacing(honest, with: lie), as: .dae))
    }

    @Test func `nodes that stand for many nodes run into the caps`() throws {
        let bomb =
            (0..<40).map { level in
                let next = "<instance_node url='#n\(level + 1)'/>"
                return "<node id='n\(level)'>\(next)\(next)</node>"
            }.joined() + "<node id='n40'/>"
        #expect(throws: ReadError.self) {
            try measured(
                Array(Self.box.replacing(Self.node, with: bomb).utf8), as: .dae, caps: ReadCaps(elements: 100_000))
        }
    }
}
