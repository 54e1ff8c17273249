extension Tool {
    static let trimesh = Tool(
        name: "trimesh", programs: ["/opt/kiln/trimesh/bin/python3"], limit: 2,
        versionArguments: ["-c", "import trimesh; print(trimesh.__version__)"], install: "make tools", homeDepth: 2)
}

extension Converter {
    /// 3MF packages whose parts are in several files (the production extension), on which assimp crashes (seen with 5.2.5).
    static let trimesh = Converter(
        name: "trimesh",
        tool: .trimesh,
        reads: [.threeMF],
        writes: [.glb, .stl, .obj, .ply],
        rank: { _ in 2 },
        explain: ScriptVerdict.failure
    ) { files in
        let script = Script(name: "trimesh_convert.py", bytes: PackageResources.trimesh_convert_py)
        return Command("-I", script.path, files.source, files.result, files.to.name, script: script)
    }
}
