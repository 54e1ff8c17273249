import Testing

@testable import App

@Suite struct MultipartHeadTests {
    private func head(_ lines: String...) throws(MultipartError) -> MultipartHead {
        try MultipartHead(block: Array(lines.joined(separator: "\r\n").utf8))
    }

    private func filename(_ parameters: String) throws(MultipartError) -> String? {
        try head("Content-Disposition: form-data; name=file; \(parameters)").filename
    }

    @Test func `names of headers and parameters ignore case`() throws {
        let head = try head("CONTENT-disposition: Form-Data; NAME=file; FileName=\"A.OBJ\"", "content-TYPE: model/obj ")
        #expect(head == MultipartHead(name: "file", filename: "A.OBJ", contentType: "model/obj"))
    }

    @Test func `what browsers encode is decoded, and nothing else`() throws {
        #expect(
            try filename(#"filename="%22a%0d%0A b%20c%2e 100%25 %zz %2.obj""#) == "\"a\r\n b%20c%2e 100%25 %zz %2.obj")
    }

    @Test func `a backslash escapes a quote and itself, no path`() throws {
        #expect(try filename(#"filename="a\"b\\c.obj""#) == #"a"b\c.obj"#)
        #expect(try filename(#"filename="C:\parts\a.obj""#) == #"C:\parts\a.obj"#)
    }

    @Test func `a quoted name may have semicolons and equals signs`() throws {
        #expect(try filename(#"filename="a; name=b.obj" ; x=y;"#) == "a; name=b.obj")
    }

    @Test func `an extended name wins over a plain one`() throws {
        #expect(try filename("filename=\"naive.obj\"; filename*=UTF-8''na%C3%AFve%20%22.obj") == "naïve \".obj")
        #expect(try filename("filename*=utf-8'en'%e2%82%ac.stl; filename=x") == "€.stl")
    }

    @Test(arguments: ["KOI8-R''%C1", "UTF-8''%FF%FE", "UTF-8'a.obj", ""])
    func `an extended name that cannot be read leaves the plain one`(value: String) throws {
        #expect(try filename("filename=plain.obj; filename*=\(value)") == "plain.obj")
    }

    @Test func `broken UTF-8 is repaired`() throws {
        let block = Array("Content-Disposition: form-data; name=file; filename=\"R".utf8) + [0xF6] + Array("hre\"".utf8)
        #expect(try MultipartHead(block: block).filename == "R\u{FFFD}hre")
    }

    @Test func `a folded line is one line`() throws {
        #expect(try head("Content-Disposition: form-data;", "\tname=\"file\"; ", " filename=a").filename == "a")
    }

    @Test func `a part without a name is refused`() {
        for line in ["Content-Type: text/plain", "Content-Disposition: form-data; filename=a", ""] {
            #expect(throws: MultipartError.nameMissing) { try head(line) }
        }
    }

    @Test func `another disposition is refused`() {
        #expect(throws: MultipartError.notFormData) { try head("Content-Disposition: attachment; name=a") }
    }

    @Test(arguments: [
        "Content-Disposition", ": form-data", "Content Disposition: form-data; name=a", " folded: first",
        "Content-Disposition: form-data; name=\"a", "Content-Disposition: form-data; name=a; name=b",
        "Content-Disposition: form-data; name", "Content-Disposition: form-data; name=\"a\"b",
        "Content-Disposition: form-data; =a", "Content-Disposition: form-data; name=\"a\0b\"",
        "Content-Disposition: form-data; name=a\r\nContent-Disposition: form-data; name=b", "a: b\rc: d",
    ])
    func `a malformed header is refused`(line: String) {
        #expect(throws: MultipartError.headerMalformed) { try head(line) }
    }

    @Test func `only plain transfer encodings are read`() throws {
        let disposition = "Content-Disposition: form-data; name=a"
        #expect(try head(disposition, "Content-Transfer-Encoding: Binary").name == "a")
        #expect(throws: MultipartError.encodedPart) { try head(disposition, "Content-Transfer-Encoding: base64") }
    }

    @Test(arguments: [
        ("multipart/form-data; boundary=abc", "abc"), ("Multipart/Form-Data;BOUNDARY=\"a b:c\"", "a b:c"),
        ("multipart/form-data; charset=utf-8; boundary=----=_Part_1", "----=_Part_1"),
        ("multipart/form-data; boundary=\(String(repeating: "x", count: 70))", String(repeating: "x", count: 70)),
    ])
    func `the boundary is found in the content type`(contentType: String, boundary: String) throws {
        #expect(try MultipartParser.boundary(ofContentType: contentType) == boundary)
    }

    @Test(arguments: [
        ("text/plain; boundary=a", MultipartError.notMultipart), ("", .notMultipart),
        ("multipart/form-data", .boundaryMissing), ("multipart/form-data; charset=utf-8", .boundaryMissing),
        ("multipart/form-data; boundary=", .boundaryInvalid), ("multipart/form-data; boundary=\"a", .boundaryInvalid),
        ("multipart/form-data; boundary=\"a \"", .boundaryInvalid),
        ("multipart/form-data; boundary=ü", .boundaryInvalid),
        ("multipart/form-data; boundary=\(String(repeating: "x", count: 71))", .boundaryInvalid),
    ])
    func `a content type without a usable boundary is refused`(contentType: String, error: MultipartError) {
        #expect(throws: error) { try MultipartParser.boundary(ofContentType: contentType) }
    }
}
