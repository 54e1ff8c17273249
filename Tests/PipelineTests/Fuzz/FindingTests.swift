import Foundation
import Persistence
import TestSupport
import Testing

@testable import Pipeline

/// What fuzzing and reading have found, and must not be found again.
struct FindingTests {
    private static let caps = ReadCaps(elements: 5_000_000)

    @Test(arguments: ["\0", "\u{1}", " \u{1} ", "\\\u{1F}"])
    func `a value of nothing but control characters is no name`(
        value: String
    ) throws {
        let dxf = "0\nSECTION\n2\nENTITIES\n0\n\(value)\n2\n\(value)\n0\nENDSEC\n0\n\(value)\n0\nEOF\n"
        _ = try measured(dxf, as: .dxf)
        let obj = Samples.obj() + Array("usemtl \(value)\nf 1 2 3\n".utf8)
        #expect(try measured(obj, as: .obj)?.materials == 1)
    }

    @Test func `a mesh of more rows and columns than there are is no overflow`() throws {
        let mesh = "0\nPOLYLINE\n8\n0\n70\n17\n71\n4294967295\n72\n4294967295\n0\nSEQEND\n"
        let dxf = "0\nSECTION\n2\nENTITIES\n" + String(repeating: mesh, count: 50) + "0\nENDSEC\n0\nEOF\n"
        _ = try measured(dxf, as: .dxf)
    }

    @Test func `nodes of a Collada scene that hold themselves end before they fill the memory`() throws {
        let more = String(repeating: "<instance_node url=\"#a\"/>", count: 20_000)
        let dae = String(decoding: Samples.dae(), as: UTF8.self)
        let place = try #require(dae.range(of: "<instance_geometry")).lowerBound
        let node = dae[..<place] + "<node id=\"a\">\(more)</node><instance_node url=\"#a\"/>" + dae[place...]
        #expect(throws: ReadError.tooLarge("The model has more than 5000000 elements.")) {
            try measured(Array(String(node).utf8), as: .dae, caps: Self.caps)
        }
    }

    @Test func `objects of a 3MF that hold each other end before they fill the memory`() throws {
        let many = String(repeating: "<component objectid=\"2\"/>", count: 20_000)
        let objects = (3..<20).map { number in
            "<object id=\"\(number)\"><components>"
                + (number == 3 ? many : String(repeating: "<component objectid=\"\(number - 1)\"/>", count: 1000))
                + "</components></object>"
        }.joined()
        let model = """
            <model unit="millimeter"><resources><object id="2"><mesh><vertices><vertex x="0" y="0" z="0"/>\
            <vertex x="1" y="0" z="0"/><vertex x="0" y="1" z="0"/></vertices><triangles>\
            <triangle v1="0" v2="1" v3="2"/></triangles></mesh></object>\(objects)</resources>\
            <build><item objectid="19"/></build></model>
            """
        let package = Samples.zip([
            ("[Content_Types].xml", Array("<Types/>".utf8)), ("3D/3dmodel.model", Array(model.utf8)),
        ])
        #expect(throws: ReadError.tooLarge("The model has more than 5000000 elements.")) {
            try measured(package, as: .threeMF, caps: Self.caps)
        }
    }

    @Test func `a data URI that tells of a length below all numbers is short`() {
        #expect(GLTFDigest.mostBytes(ofData: "data:;base64,AAAA#-9223372036854775808") == 0)
    }
}
