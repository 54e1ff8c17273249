import Persistence
import SystemPackage
import TestSupport
import Testing

@testable import Pipeline

/// What the real OpenSCAD makes of programs, and what it may see.
@Suite(.enabled(if: RealTool.isInstalled(.openSCAD), "openscad or bubblewrap is missing"))
struct OpenSCADTests {
    @Test func `values replace those of the program`() async throws {
        try await withRealTool(.openSCAD) { tool in
            var options = ConversionOptions()
            options.parameters = ["size": .vector([.number(1), .number(2), .number(3)])]
            let outcome = try await tool.run(program("size = 9; cube(size);"), .scad, to: .stl, options: options)
            let extents = try await tool.extents(outcome, .stl)
            #expect(extents == [1, 2, 3])
        }
    }

    @Test func `a set of values is taken from the file beside the program`() async throws {
        try await withRealTool(.openSCAD) { tool in
            var options = ConversionOptions()
            options.parameterSet = "small"
            let sets = #"{"parameterSets": {"small": {"size": "4"}}, "fileFormatVersion": "1"}"#
            let outcome = try await tool.run(
                program("size = 9;\ncube(size);"), .scad, to: .stl, options: options,
                beside: ["model.json": Array(sets.utf8)])
            let extents = try await tool.extents(outcome, .stl)
            #expect(extents == [4, 4, 4])
        }
    }

    @Test(arguments: [
        ("cube(1);", Format.dxf, "Current top level object is not a 2D object."),
        ("square(1);", .stl, "Current top level object is not a 3D object."),
        ("size = 1;", .stl, "Current top level object is empty."),
    ]) func `a solid is no drawing and a drawing no solid`(text: String, target: Format, reason: String) async throws {
        try await withRealTool(.openSCAD) { tool in
            let failure = try await tool.run(program(text), .scad, to: target).failure
            #expect(failure == Failure(.invalidInput, reason))
        }
    }

    @Test(arguments: [Format.dxf, .svg]) func `a drawing becomes a drawing`(target: Format) async throws {
        try await withRealTool(.openSCAD) { tool in
            let outcome = try await tool.run(program("square([3, 4]);"), .scad, to: target)
            #expect(outcome.failure == nil, "\(outcome.log)")
            #expect(Access.sizeOfFile(outcome.out) ?? 0 > 100)
        }
    }

    @Test(arguments: [#"import("/etc/passwd");"#, #"import("gone.stl");"#, "include <gone.scad>", "cube(3"])
    func `what is missing or wrong is told`(text: String) async throws {
        try await withRealTool(.openSCAD) { tool in
            let failure = try await tool.run(program("cube(1);\n\(text)\n"), .scad, to: .stl).failure
            #expect(failure?.code == .invalidInput)
            #expect(failure?.message.hasPrefix("OpenSCAD says: ") == true, "\(failure?.message ?? "")")
        }
    }

    @Test func `modules come from the operator's library`() async throws {
        try await withTemporaryFolder { folder in
            let library = folder.appending("library")
            try Directory.make(library)
            try Files.write(program("module brick() { cube([1, 2, 3]); }"), to: library.appending("bricks.scad"))
            let tool = try await RealTool(
                .openSCAD, in: folder.appending("work"), library: "\(folder.string):\(library.string)")
            try Directory.make(folder.appending("work"))
            let outcome = try await tool.run(program("use <bricks.scad>\nbrick();"), .scad, to: .stl)
            let extents = try await tool.extents(outcome, .stl)
            #expect(extents == [1, 2, 3])
        }
    }

    private func program(_ text: String) -> [UInt8] { Array(text.utf8) }
}
