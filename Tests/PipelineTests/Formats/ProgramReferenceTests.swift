import TestSupport
import Testing

@testable import Pipeline

struct ProgramReferenceTests {
    @Test(arguments: [
        ("include <a.scad>", ["a.scad"]), ("use<lib/b.scad>\ncube(1);", ["lib/b.scad"]),
        ("use\n  <my parts.scad>", ["my parts.scad"]),
        ("// include <no.scad>\n/* use <no.scad> */ include <yes.scad>", ["yes.scad"]),
        ("echo(\"include <no.scad>\"); // \"\nuse <yes.scad>", ["yes.scad"]),
        ("myinclude <no.scad>; includes<no.scad>; x = use < 3;", []), ("echo(\"\\\"\", \"use <no>\");", []),
        ("cube(1); /* never closed include <no.scad>", []), ("a = 6 / 2; use <b>", ["b"]),
    ])
    func `programs that are taken in are found, and comments and strings are not`(text: String, names: [String]) throws
    {
        let found = try References.list(in: Content(Array(text.utf8)), of: .scad)
        #expect(found.map(\.verdict) == names.map { .inside($0) })
        #expect(found.allSatisfy { $0.kind == .program && $0.isNeeded })
    }

    @Test(arguments: [
        ("import(\"a.stl\");", ["a.stl"]), ("import (\"a.stl\", convexity = 3);", ["a.stl"]),
        ("import(convexity=[1,2], file = \"maps\\\\a.stl\");", ["maps/a.stl"]),
        ("surface(file=\"a.png\", center=true); surface(\"b.dat\");", ["a.png", "b.dat"]),
        ("linear_extrude(height=1, file=\"a.dxf\", layer=\"top\") x();", ["a.dxf"]),
        ("x = dxf_dim(file=\"a.dxf\", name=\"b\");", ["a.dxf"]), ("translate([0,0,1]) import(\"a.stl\");", ["a.stl"]),
        ("import(/* \"no\" */ \"a.stl\" // x\n);", ["a.stl"]), ("import(str(\"a\", i, \".stl\"));", []),
        ("module part(file=\"no.stl\") import(file);", []), ("file = \"no.stl\"; import(file);", []),
        ("text(\"no.stl\"); linear_extrude(\"no.dxf\");", []), ("import(x ? \"no.stl\" : \"no.off\");", []),
        ("import(1, \"no.stl\");", []),
    ])
    func `files that are read are found where they are named outright`(text: String, names: [String]) throws {
        for format in [Format.scad, .csg] {
            let found = try References.list(in: Content(Array(text.utf8)), of: format)
            #expect(found.map(\.verdict) == names.map { .inside($0) })
            #expect(found.allSatisfy { $0.kind == .part && $0.isNeeded })
        }
    }

    @Test(arguments: [
        "include <../a.scad>", "use </etc/passwd>", "import(\"/etc/passwd\");", "surface(file = \"C:/a.dat\");",
        "import(\"..\\\\a.stl\");", "include <a\u{1}b>", "import(\"file:///a\");",
        "include <\(String(repeating: "a", count: 5000))>",
    ])
    func `a file elsewhere is told`(text: String) throws {
        let verdicts = try References.list(in: Content(Array(text.utf8)), of: .scad).map(\.verdict)
        guard verdicts.count == 1, case .unsafe = verdicts[0] else {
            Issue.record("\(verdicts)")
            return
        }
    }

    @Test func `a program nested without end is refused`() {
        let text = [UInt8](repeating: 0x28, count: 100_000)
        #expect(throws: UnreadableReferences.self) { try References.list(in: Content(text), of: .scad) }
    }
}
