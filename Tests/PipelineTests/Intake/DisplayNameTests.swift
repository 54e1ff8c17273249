import Testing

@testable import Pipeline

struct DisplayNameTests {
    @Test(arguments: [
        ("../../etc/box.obj", "box.obj"), ("C:\\parts\\box.obj", "box.obj"), ("bo\u{1B}[31mx.obj", "bo[31mx.obj"),
        ("a\r\nX: y.obj", "aX: y.obj"), ("a\u{0}\u{7F}\u{85}.obj", "a.obj"), ("box\u{202E}jbo.exe", "boxjbo.exe"),
        ("a\u{2066}b\u{2028}c\u{2029}\u{200F}.obj", "abc.obj"), ("模型 \u{1F4A5}.obj", "模型 \u{1F4A5}.obj"),
    ]) func `a name is shown without folders, and without what breaks lines or turns letters`(
        sent: String, shown: String
    ) {
        #expect(DisplayName.clean(sent) == shown)
    }

    @Test(arguments: ["", "/", "..", "a/..", "\u{202E}", "\r\n"]) func `a name of nothing is none`(sent: String) {
        #expect(DisplayName.clean(sent) == nil)
    }

    @Test func `a long name keeps its extension`() throws {
        let shown = try #require(DisplayName.clean(String(repeating: "x", count: 5000) + ".obj"))
        #expect(shown.count == DisplayName.longest && shown.hasSuffix(".obj"))
    }

    @Test func `what a file refers to is shown without them too`() {
        let reference = Reference(.image, Array("/a\u{1B}\u{202E}\u{2028}b".utf8), .unsafe("is an absolute path"))
        #expect(reference.text == "/a\u{FFFD}b")
        #expect(ZipFault.shown("a\u{202E}\nb") == "\"ab\"")
    }
}
