import Testing

@testable import App

struct ContentDispositionTests {
    @Test(arguments: [
        ("part.stl", "part.stl"), ("a b.glb", "a b.glb"), ("Käse.obj", "Käse.obj"), ("模型.step", "模型.step"),
        ("../../etc/passwd", "_.._etc_passwd"), ("C:\\x\\y.stl", "C__x_y.stl"), ("a\"b.stl", "a_b.stl"),
        ("a\r\nSet-Cookie: x.stl", "aSet-Cookie_ x.stl"), ("nul\u{0}l.stl", "null.stl"),
        ("exe\u{202E}lts.stl", "exelts.stl"), ("\u{FEFF}a\u{200B}.stl", "a.stl"), ("a\u{2028}b", "ab"),
        (".htaccess", "htaccess"), ("a.stl. . ", "a.stl"), ("100%41.stl", "100_41.stl"),
        ("", "download"), ("..", "download"), (" . . ", "download"), ("\u{200D}", "download"),
    ])
    func `a name is made harmless`(name: String, expected: String) {
        #expect(ContentDisposition(attachment: name).filename == expected)
    }

    @Test func `both forms are offered, the true name in UTF-8`() {
        #expect(
            ContentDisposition(attachment: "Käse 🧀.obj").description
                == "attachment; filename=\"K_se _.obj\"; filename*=UTF-8''K%C3%A4se%20%F0%9F%A7%80.obj")
    }

    @Test func `an emoji of several parts stays one`() {
        #expect(ContentDisposition(attachment: "👩‍🚀.stl").filename == "👩‍🚀.stl")
    }

    @Test func `a name of a thousand characters keeps its extension`() {
        let name = ContentDisposition(attachment: String(repeating: "é", count: 1000) + ".step").filename
        #expect(name.unicodeScalars.count == 200)
        #expect(name.hasSuffix("é.step"))
    }

    @Test func `an endless extension is cut like a name`() {
        let name = ContentDisposition(attachment: "a." + String(repeating: "b", count: 1000)).filename
        #expect(name.unicodeScalars.count == 200)
    }

    @Test func `a letter under a thousand accents does not outgrow the limit`() {
        let name = ContentDisposition(attachment: "a" + String(repeating: "\u{301}", count: 1000)).filename
        #expect(name.unicodeScalars.count == 200)
    }

    @Test(arguments: ["\u{0}\u{1F}\u{7F}\"\\;,'()", "a'b\"c;d=e", "\u{85}\u{2066}x\u{2069}", "💥\u{E000}\u{FFFF}"])
    func `nothing but plain ASCII reaches the header, and no quote inside the quotes`(name: String) {
        let field = ContentDisposition(attachment: name).description
        #expect(field.utf8.allSatisfy { (0x20..<0x7F).contains($0) })
        #expect(field.count { $0 == "\"" } == 2)
        #expect(!field.contains("\\"))
    }
}
