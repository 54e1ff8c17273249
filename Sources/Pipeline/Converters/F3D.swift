extension Tool {
    static let f3d = Tool(
        name: "f3d", programs: ["/opt/kiln/f3d/bin/python3"], limit: 1,
        versionArguments: ["-c", "import f3d; print(f3d.__version__)"], install: "make tools", homeDepth: 2)
}

extension Converter {
    /// A picture of a model, 512 × 512 pixels, drawn without a display.
    static let f3d = Converter(
        name: "f3d",
        tool: .f3d,
        reads: [.glb, .gltf, .stl, .obj, .ply],
        writes: [.png],
        serves: .preview,
        limits: ToolLimits(timeout: .seconds(60)),
        explain: ScriptVerdict.failure
    ) { files in
        let script = Script(name: "f3d_preview.py", bytes: PackageResources.f3d_preview_py)
        let up = files.from == .stl ? "+Z" : "+Y"
        return Command("-I", script.path, files.source, files.result, up, script: script)
    }
}
