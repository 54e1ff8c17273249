import Pipeline
import TestSupport
import Testing

struct GLTFReferenceTests {
    @Test(arguments: [
        ("box.bin", "box.bin"), ("textures/./wood.png", "textures/wood.png"), ("my%20box.bin", "my box.bin"),
        (#"textures\\wood.png"#, "textures/wood.png"), ("a..b/...bin", "a..b/...bin"),
        ("gr%C3%B6%C3%9Fe.bin", "größe.bin"),
        ("größe.bin", "größe.bin"), ("a/b:c.bin", "a/b:c.bin"), ("100%.bin", "100%.bin"), ("a//b.bin", "a/b.bin"),
    ])
    func `a path below the model's folder is decoded and normalised`(uri: String, path: String) throws {
        #expect(try verdict(uri) == .inside(path))
    }

    @Test(arguments: [
        "../secret", "a/../../b", "a/..", "..", "%2e%2e/secret", "%2E./secret", "..%2Fsecret", "%252e%252e%252fsecret",
        #"..\\secret"#, #"a\\..\\..\\b"#, "a%5C..%5c..%5Cb", #"a/..\\b"#, #"\u002e\u002e\u002fsecret"#, #"..\/secret"#,
        "%25252525252e", "/etc/passwd", "%2Fetc/passwd", "%252Fetc", #"\\etc"#, "//host/share", #"\\\\host\\share"#,
        "http://host/a.bin", "HTTPS:a", "file:///etc/passwd", "file:a.bin", #"C:\\a.bin"#, "c:/a.bin", "c%3A/a.bin",
        "http%3A//host/a", "", ".", "./", #"a\u0000b"#, "a%00b", "a%0Ab", #"a\nb"#, #"\u0010data:,x"#, "%c0%ae%c0%ae/x",
        "DATA:,x", "data:text/plain", "data:a/../../../etc/passwd,x",
    ])
    func `what may leave the model's folder is unsafe in every spelling`(uri: String) throws {
        guard case .unsafe = try verdict(uri) else {
            Issue.record("\(uri) passed")
            return
        }
    }

    @Test func `data in the reference itself is embedded, however long`() throws {
        #expect(try verdict("data:;base64,AAAA") == .embedded)
        #expect(try verdict("data:image/png;base64," + String(repeating: "QUJD", count: 500_000)) == .embedded)
    }

    @Test func `a path of more than a kilobyte is unsafe`() throws {
        #expect(try verdict(String(repeating: "a", count: 1025)) == .unsafe("is longer than 1024 bytes"))
        #expect(try verdict(String(repeating: "a", count: 100_000)) == .unsafe("is longer than 1024 bytes"))
    }

    @Test func `every uri counts, wherever it is`() throws {
        let more =
            #""images":[{"uri":"a.png"},{"extensions":{"X_y":{"uri":"b.png"}}}],"extensions":{"Z":[[{"uri":"c"}]]},"#
        let found = try References.list(in: Content(Samples.gltf(bufferURI: "box.bin", more: more)), of: .gltf)
        #expect(found.map(\.text) == ["a.png", "b.png", "c", "box.bin"])
        #expect(found.map(\.kind) == [.image, .image, .other, .buffer])
    }

    @Test func `a member written twice is judged twice, and its name may be escaped`() throws {
        let found = try list(#"{"buffers":[{"uri":"ok.bin","\u0075ri":"../a","uri":"../b"}]}"#)
        #expect(found.map(\.text) == ["ok.bin", "../a", "../b"])
    }

    @Test func `the JSON inside a GLB is read`() throws {
        #expect(try References.list(in: Content(Samples.glb()), of: .glb).isEmpty)
        let hostile = Samples.glb(bufferURI: "../../etc/passwd")
        #expect(
            try References.list(in: Content(hostile), of: .glb).map(\.verdict) == [.unsafe("climbs out of its folder")])
    }

    @Test(arguments: [
        "", "{", #"{"uri":"a"#, #"{"uri":"a"} x"#, "{'uri':'../a'}", #"{uri:"../a"}"#, #"{"a":1,}"#, #"{"a" "b"}"#,
        #"// {}"#, #"{"a":/**/1}"#, "[}", "{]", #"{"a":nil}"#, #"{"a":"\x"}"#, #"{"a":"\ud800"}"#, #"{"a":1}{}"#,
        "\u{0}{}",
    ])
    func `JSON that readers may take differently is not passed on`(json: String) {
        #expect(throws: UnreadableReferences.self) { try list(json) }
    }

    @Test func `a hundred thousand brackets are refused, not followed`() {
        #expect(throws: UnreadableReferences.self) { try list(String(repeating: "[", count: 100_000)) }
        #expect(throws: UnreadableReferences.self) { try list(String(repeating: #"{"a":"#, count: 100_000)) }
    }

    @Test func `a GLB cut short is unreadable`() {
        #expect(throws: UnreadableReferences.self) {
            try References.list(in: Content(Samples.glbCutShort()), of: .glb)
        }
        #expect(throws: UnreadableReferences.self) { try References.list(in: Content(Array("glTF".utf8)), of: .glb) }
    }

    @Test func `a byte order mark and zeros at the end are no obstacle`() throws {
        #expect(try list("\u{FEFF}{\"buffers\":[{\"uri\":\"a\"}]}\n\0\0\0").map(\.text) == ["a"])
    }

    @Test func `ten thousand references are the limit`() throws {
        func scene(_ count: Int) -> String {
            "[" + (0..<count).map { #"{"uri":"\#($0)"}"# }.joined(separator: ",") + "]"
        }
        #expect(try list(scene(10_000)).count == 10_000)
        #expect(throws: UnreadableReferences.self) { try list(scene(10_001)) }
    }

    @Test func `what is shown of a reference is short and printable`() throws {
        #expect(try list(#"{"uri":"a\nb"}"#).map(\.text) == ["a\u{FFFD}b"])
        #expect(try list(#"{"uri":"\#(String(repeating: "ä", count: 900))"}"#).first?.text.count == 200)
    }

    /// `uri` as it stands between the quotes of JSON.
    private func verdict(_ uri: String) throws -> Reference.Verdict? {
        try References.list(in: Content(Samples.gltf(bufferURI: uri)), of: .gltf).first?.verdict
    }

    private func list(_ json: String) throws -> [Reference] {
        try References.list(in: Content(Array(json.utf8)), of: .gltf)
    }
}
