import TestSupport
import Testing

@testable import Pipeline

struct ColladaReferenceTests {
    @Test func `the files of images are found, in version 1.4 and 1.5`() throws {
        let text = """
            <?xml version="1.0"?><!-- <image><init_from>no.png</init_from></image> -->
            <COLLADA><library_images>
            <image id="a"><init_from> ./maps/a&amp;b%20c.png\n</init_from></image>
            <c:image id="b"><c:init_from><c:ref>d.png</c:ref></c:init_from></c:image>
            <image id="c"><init_from><![CDATA[e]]>.<!-- > -->png</init_from></image>
            <image id="d"><init_from/></image><image id="e"><init_from></init_from></image>
            </library_images></COLLADA>
            """
        #expect(try paths(text) == ["maps/a&b c.png", "d.png", "e.png"])
    }

    @Test func `what names an image of the same file is no file`() throws {
        #expect(try paths("<a><surface type='2D'><init_from>image-id</init_from></surface></a>").isEmpty)
        #expect(try paths("<a><instance_geometry url='#box'/><instance_node x=\"1>2\" url=\"\"/></a>").isEmpty)
    }

    @Test func `a scene in another file is one`() throws {
        #expect(try paths("<a><instance_node sid='s' url='other.dae#node'/></a>") == ["other.dae"])
    }

    @Test func `UTF-16 is read as well`() throws {
        let text = "<a><image><init_from>größe.png</init_from></image></a>"
        for isLittle in [true, false] {
            let units = ([0xFEFF] + Array(text.utf16)).flatMap { unit in
                isLittle ? [UInt8(unit & 255), UInt8(unit >> 8)] : [UInt8(unit >> 8), UInt8(unit & 255)]
            }
            #expect(try References.list(in: Content(units), of: .dae).map(\.verdict) == [.inside("größe.png")])
        }
    }

    @Test(arguments: [
        "../a.png", "/etc/passwd", "file:///etc/passwd", "file://host/a.png", "C:\\maps\\a.png", "%2e%2e/a.png",
        "http://127.0.0.1/a.png", "&#46;&#x2e;/a.png", "..\\a.png", String(repeating: "a", count: 5000),
    ])
    func `an image that is elsewhere is told`(path: String) throws {
        let text = "<a><image><init_from>\(path)</init_from></image></a>"
        let verdicts = try References.list(in: Content(Array(text.utf8)), of: .dae).map(\.verdict)
        guard verdicts.count == 1, case .unsafe = verdicts[0] else {
            Issue.record("\(verdicts)")
            return
        }
    }

    @Test func `a document that declares entities is not to be trusted`() throws {
        let text =
            "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a><image><init_from>&x;</init_from></image></a>"
        let verdicts = try References.list(in: Content(Array(text.utf8)), of: .dae).map(\.verdict)
        #expect(verdicts.contains(.unsafe("declares entities of its own")))
    }

    @Test(arguments: [
        "<a", "<a b='>", "<!-- a", "<![CDATA[a", "<!DOCTYPE a [", "<?xml", String(repeating: "<a>", count: 2000),
    ])
    func `markup that does not end is refused`(text: String) {
        #expect(throws: UnreadableReferences.self) { try paths(text) }
    }

    @Test func `a sample without images has no references`() throws {
        #expect(try References.list(in: Content(Samples.dae()), of: .dae).isEmpty)
    }

    private func paths(_ text: String) throws -> [String] {
        try References.list(in: Content(Array(text.utf8)), of: .dae).compactMap {
            if case .inside(let path) = $0.verdict { path } else { nil }
        }
    }
}
