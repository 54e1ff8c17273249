import Persistence
import Testing

@testable import Pipeline

/// How options become command lines; no tool is run.
struct CommandLineTests {
    @Test func `names of converters are unique`() {
        #expect(Set(Converter.all.map(\.name)).count == Converter.all.count)
    }

    @Test func `a converter that serves an option keeps the format`() {
        for converter in Converter.all where converter.serves != nil && converter.serves != .preview {
            #expect(converter.reads == converter.writes)
        }
    }

    @Test func `OpenSCAD is given values as definitions, in the order of their names`() {
        let line = arguments(.openSCAD, .scad, .stl) { options in
            options.parameters = ["width": .number(3), "round": .bool(true), "label": .text("a\"b")]
        }
        #expect(line.suffix(7) == ["-D", #"label="a\"b""#, "-D", "round=true", "-D", "width=3", "/in/model.scad"])
    }

    @Test func `OpenSCAD takes a set of values from the file beside the program`() {
        let line = arguments(.openSCAD, .scad, .stl) { $0.parameterSet = "small" }
        #expect(line.suffix(5) == ["-p", "/in/model.json", "-P", "small", "/in/model.scad"])
    }

    @Test(arguments: [(nil, "binstl"), (true, "binstl"), (false, "asciistl")] as [(Bool?, String)])
    func `OpenSCAD writes text only when asked`(binary: Bool?, exporter: String) {
        let line = arguments(.openSCAD, .scad, .stl) { $0.binary = binary }
        #expect(line.contains(exporter))
    }

    @Test func `Blender runs no scripts of the file`() {
        #expect(arguments(.blender, .blend, .glb).contains("--disable-autoexec"))
    }

    @Test func `Blender is told options by name`() {
        let line = arguments(.blender, .glb, .fbx) { options in
            options.embedTextures = false
            options.binary = true
        }
        #expect(
            line.suffix(7) == [
                "--", "/in/model.glb", "/out/model.fbx", "glb", "fbx", "binary=true", "embedTextures=false",
            ])
    }

    @Test(arguments: [(nil, "0.001"), (0.02, "0.02")] as [(Double?, String)])
    func `DRAW is told the tolerance`(tolerance: Double?, word: String) throws {
        var options = ConversionOptions()
        options.tolerance = tolerance
        let command = Converter.openCascade.command(ConversionFiles(from: .step, to: .glb, options: options))
        let script = try #require(command.script)
        #expect(String(decoding: script.bytes, as: UTF8.self).contains("set tolerance \(word)\n"))
    }

    @Test func `what gltfpack makes smaller keeps its names`() {
        #expect(Set(arguments(.gltfpack, .glb, .glb)).isSuperset(of: ["-cc", "-kn", "-km", "-ke"]))
    }

    @Test func `LibreDWG writes the release that others can open`() {
        #expect(
            arguments(.libreDXF, .dxf, .dwg) == ["-y", "--as", "r2000", "-o", "/out/model.dwg", "/in/model.dxf"])
    }

    @Test(arguments: [
        ("KILN 3: no", Failure.Code.invalidInput), ("x\nKILN 4: no\ny", .emptyResult), ("KILN 5: no", .toolFailed),
        ("KILN 6: too large", .invalidInput),
    ]) func `a script's last word tells the failure`(log: String, code: Failure.Code) {
        #expect(ScriptVerdict.failure(exitCode: 1, log: log)?.code == code)
    }

    @Test(arguments: ["", "KILN", "KILN x: no", "a KILN 3: no", "KILN 9: no"])
    func `other words are none`(log: String) {
        #expect(ScriptVerdict.failure(exitCode: 1, log: log) == nil)
    }

    private func arguments(
        _ converter: Converter, _ from: Format, _ to: Format, _ change: (inout ConversionOptions) -> Void = { _ in }
    ) -> [String] {
        var options = ConversionOptions()
        change(&options)
        return converter.command(ConversionFiles(from: from, to: to, options: options)).arguments
    }
}
