import Testing

@testable import Pipeline

struct X3DReferenceTests {
    private func list(_ body: String) throws -> [Reference] {
        try References.list(in: Content(Array("<X3D><Scene>\(body)</Scene></X3D>".utf8)), of: .x3d)
    }

    @Test func `scenes, pictures and sounds in other files are found`() throws {
        let found = try list(
            #"<Inline url='"a.x3d" "b/c.x3d#part"'/><ImageTexture url="skin.png"/><AudioClip url='"a b.wav"'></AudioClip>"#
        )
        #expect(found.map(\.kind) == [.part, .part, .image, .other])
        #expect(found.map(\.text) == ["a.x3d", "b/c.x3d", "skin.png", "a b.wav"])
    }

    @Test(arguments: [
        "/etc/passwd", "../secret.png", "file:///etc/passwd", "&quot;/etc/passwd&quot;", "%2e%2e/secret.png",
        "http://127.0.0.1/skin.png", "C:\\skin.png",
    ]) func `what leads out of the model is unsafe`(place: String) throws {
        let verdict = try #require(try list("<ImageTexture url='\(place)'/>").first?.verdict)
        if case .unsafe = verdict { return }
        Issue.record("\(verdict)")
    }

    @Test func `a place on the web beside a near one is an alternative`() throws {
        #expect(try list(#"<ImageTexture url='"a.png" "https://www.web3d.org/a.png"'/>"#).map(\.text) == ["a.png"])
    }

    @Test func `a link for people is none`() throws {
        #expect(try list("<Anchor url='http://www.web3d.org/'/><Inline url='#here'/>").isEmpty)
    }
}
