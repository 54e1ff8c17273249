extension Tool {
    static let openCascade = Tool(
        name: "occt", programs: ["occt-draw", "occt-draw-7.8", "occt-draw-7.6", "occt-draw-7.5", "DRAWEXE"], limit: 2,
        versionArguments: ["-b", "-c", "puts [dversion]; exit"],
        install: "apt-get install occt-draw libocct-draw-dev")
}

extension Converter {
    /// Exact models to one another and to triangles, by DRAW of Open CASCADE; colours and names of STEP are kept.
    static let openCascade = Converter(
        name: "occt",
        tool: .openCascade,
        reads: [.step, .iges, .brep],
        writes: [.step, .iges, .brep, .glb, .stl, .obj],
        hands: frameOfOpenCascade,
        excludes: { source, target in source == target },
        honours: [.tolerance: [.glb, .stl, .obj], .binary: [.stl]],
        rank: { _ in 0 },
        explain: ScriptVerdict.failure
    ) { files in
        let script = openCascadeScript(files)
        return Command("-b", "-f", script.path, script: script)
    }

    /// As a part of the model's diagonal: fine enough for print, and quick with models of any size.
    private static let usualTolerance = 0.001

    private static func openCascadeScript(_ files: ConversionFiles) -> Script {
        let words = [
            "set from \(files.from.name)", "set to \(files.to.name)",
            "set tolerance \(files.options.tolerance ?? usualTolerance)",
            "set binary \(files.options.binary == false ? 0 : 1)", "",
        ]
        return Script(
            name: "occt.tcl", bytes: Array(words.joined(separator: "\n").utf8) + PackageResources.occt_tcl)
    }

    /// It reads STEP and IGES into millimetres whatever their unit, and writes GLB in metres with Y up. A BREP keeps its
    /// numbers.
    private static func frameOfOpenCascade(_ source: Format, _ target: Format) -> Frame? {
        guard source != .brep else { return nil }
        return target == .glb ? Frame(metresPerUnit: 1, up: .y) : Frame(metresPerUnit: 0.001, up: .z)
    }
}
