extension Tool {
    static let freeCAD = Tool(
        name: "freecad", programs: ["freecadcmd", "freecadcmd-python3", "FreeCADCmd"], limit: 1,
        versionArguments: [version.path], versionScript: version, install: "apt-get install freecad-python3",
        needs: [.account])

    /// Asked by `--version` it tells it, and crashes.
    private static let version = Script(
        name: "version.py",
        bytes: Array(
            """
            import FreeCAD, os
            print(".".join(FreeCAD.Version()[:2]), flush=True)
            os._exit(0)

            """.utf8))
}

extension Converter {
    /// Meshes to packages for printers and to exact models of flat faces; with exact models the one to ask when Open
    /// CASCADE fails.
    static let freeCAD = Converter(
        name: "freecad",
        tool: .freeCAD,
        reads: meshesOfFreeCAD + [.step, .iges, .brep],
        writes: [.threeMF, .step, .iges, .brep, .stl, .obj],
        hands: { source, _ in
            [.step, .iges].contains(source) ? Frame(metresPerUnit: 0.001, up: .z) : nil
        },
        excludes: { source, target in
            // Other tools are better with meshes; and of a mesh it makes no other exact model than STEP.
            source == target || (meshesOfFreeCAD.contains(source) && ![.threeMF, .step].contains(target))
        },
        honours: [.tolerance: [.threeMF, .stl, .obj]],
        rank: { _ in 2 },
        explain: ScriptVerdict.failure
    ) { files in
        let script = freeCADScript(files)
        return Command(script.path, script: script)
    }

    private static let meshesOfFreeCAD: [Format] = [.stl, .obj, .ply, .off]

    /// It takes no arguments for a program: all of them are files to open. It imports the program as a module, which must
    /// not have the name of one of its own.
    private static func freeCADScript(_ files: ConversionFiles) -> Script {
        let words = [
            "source = '\(files.source)'", "result = '\(files.result)'", "before = '\(files.from.name)'",
            "after = '\(files.to.name)'", "tolerance = \(files.options.tolerance ?? 0.001)", "",
        ]
        return Script(
            name: "conversion.py", bytes: Array(words.joined(separator: "\n").utf8) + PackageResources.freecad_py)
    }
}
