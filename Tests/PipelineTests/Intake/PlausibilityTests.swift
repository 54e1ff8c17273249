import Persistence
import TestSupport
import Testing

@testable import Pipeline

/// Files that cannot be what their headers say, and files that are only untidy.
struct PlausibilityTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let format: Format
        let bytes: [UInt8]

        init(_ description: String, _ format: Format, _ bytes: [UInt8]) {
            (testDescription, self.format, self.bytes) = (description, format, bytes)
        }

        init(_ description: String, _ format: Format, text: String) {
            self.init(description, format, Array(text.utf8))
        }
    }

    static let impossible = [
        Case("an STL cut short", .stl, Array(Samples.stl().dropLast())),
        Case("an STL of four billion triangles", .stl, Samples.stl().replacing(80, with: [255, 255, 255, 255])),
        Case("an STL that begins as text does", .stl, Array("solid".utf8) + Samples.stl().dropFirst(5).dropLast(60)),
        Case("a PLY cut short", .ply, Array(Samples.ply().dropLast(200))),
        Case("a PLY of a billion vertices", .ply, text: ply("element vertex 1000000000", "property float x")),
        Case(
            "a text PLY of a billion faces", .ply, text: ply("element face 900719925474", "property list uchar int i")),
        Case("a PLY of a billion nothings", .ply, text: ply("element vertex 1000000000")),
        Case("an OFF of a billion vertices", .off, text: "OFF\n1000000000 1 0\n0 0 0\n"),
        Case("an OFF of too many faces", .off, text: "OFF # box\n1 500 0\n0 0 0\n"),
        Case("an OFF with a number beyond numbers", .off, text: "OFF 99999999999999999999 1 0\n"),
        Case("a binary OFF of a billion", .off, text: "OFF BINARY\n\u{3b}aaa\u{1}aaaaaaa"),
        Case("an XML with entities", .x3d, text: "<!DOCTYPE X3D [<!ENTITY a \"b\">]><X3D>&a;</X3D>"),
        Case(
            "an XML declared in a file", .x3d, text: "<?xml version='1.0'?><!DOCTYPE X3D SYSTEM \"/etc/passwd\"><X3D/>"),
        Case("an XML declared elsewhere", .dae, text: "<!DOCTYPE C PUBLIC \"x\" \"http://127.0.0.1/x\"><COLLADA/>"),
        Case(
            "an XML whose document type has no end", .amf, text: "<!DOCTYPE amf " + String(repeating: " ", count: 4000)),
        Case("an XML in UTF-16 with entities", .x3d, utf16("<!DOCTYPE X3D [<!ENTITY a \"b\">]><X3D>&a;</X3D>")),
    ]

    @Test(arguments: impossible) func `what is impossible is told from the header`(_ file: Case) {
        #expect(throws: ImpossibleFile.self) {
            try Plausibility(content: Content(file.bytes)).check(file.format)
        }
    }

    static let untidy = [
        Case("an STL with something behind it", .stl, Samples.stl() + Array("made by nobody".utf8)),
        Case("a text STL with odd white space", .stl, text: "\r\n\tsolid  box\rfacet normal 0 0 0\r"),
        Case("a text STL cut short", .stl, Array(Samples.stlASCII().dropLast(200))),
        Case(
            "a PLY whose lines end as on Windows", .ply,
            text: ply("element vertex 2", "property float x", end: "\r\n") + "1\r\n2"),
        Case(
            "a PLY whose lines end as on old Macs", .ply,
            text: ply("element vertex 2", "property float x", end: "\r") + "1\r2"),
        Case("a PLY with something behind it", .ply, Samples.ply() + [0, 0, 0]),
        Case("a PLY with a line of its own", .ply, text: ply("element vertex 9", "material red")),
        Case("an OFF without edges", .off, text: "OFF\n3 1\n0 0 0\n1 0 0\n0 1 0\n3 0 1 2"),
        Case("an OFF in four dimensions", .off, text: "4nOFF\n4\n1 0 0\n1 1 1 1\n"),
        Case("a GLB with something behind it", .glb, Samples.glb() + [0, 0, 0]),
        Case(
            "an X3D with the document type of its standard", .x3d,
            text: "<?xml version=\"1.0\"?>\n<!-- a [b] --><!DOCTYPE X3D PUBLIC \"ISO//Web3D//DTD X3D 3.0//EN\" "
                + "\"http://www.web3d.org/specifications/x3d-3.0.dtd\">\n<X3D/>"),
        Case("an XML that only names its root", .dae, text: "<!DOCTYPE COLLADA><COLLADA/>"),
    ]

    @Test(arguments: untidy) func `what is only untidy is left to the tools`(_ file: Case) throws {
        try Plausibility(content: Content(file.bytes)).check(file.format)
    }

    @Test func `nesting without end is refused`() {
        let deep = String(repeating: "<a>", count: 100_000)
        #expect(throws: UnreadableReferences.tooDeepMarkup) {
            try Plausibility(content: Content(Array("<amf>\(deep)".utf8))).check(.amf)
        }
        #expect(throws: UnreadableReferences.tooDeepMarkup) {
            try References.list(in: Content(Array("<X3D>\(deep)".utf8)), of: .x3d)
        }
    }

    @Test(arguments: impossible.prefix(4)) func `what is impossible leaves a failed row that says so`(
        _ file: Case
    ) async throws {
        try await withIntake(reading: [.stl, .ply]) { bench in
            let refusal = await #expect(throws: Refusal.self) {
                try await bench.upload(file.bytes, named: "box.\(file.format)", to: .ply)
            }
            #expect(refusal?.kind == .invalidInput)
            let job = try #require(try await bench.store.jobs.history(limit: 1).first?.job)
            #expect(job.failure == Failure(.invalidInput, refusal?.sentence ?? ""))
        }
    }

    private static func ply(_ lines: String..., end: String = "\n") -> String {
        (["ply", "format ascii 1.0"] + lines + ["end_header", ""]).joined(separator: end)
    }

    private static func utf16(_ text: String) -> [UInt8] {
        [0xFF, 0xFE] + text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
    }
}

extension [UInt8] {
    /// With other bytes from `offset` on.
    fileprivate func replacing(_ offset: Int, with bytes: [UInt8]) -> [UInt8] {
        var copy = self
        copy.replaceSubrange(offset..<offset + bytes.count, with: bytes)
        return copy
    }
}
