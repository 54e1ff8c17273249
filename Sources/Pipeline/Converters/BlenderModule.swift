extension Tool {
    static let bpy = Tool(
        name: "bpy", programs: ["/opt/kiln/bpy/bin/python3"], limit: 2,
        versionArguments: ["-c", "import bpy; print(bpy.app.version_string)"],
        install: "make tools", homeDepth: 2)
}

extension Converter {
    /// Scenes, by a newer Blender as a module of Python: with USD, Alembic, Draco and ASCII FBX.
    ///
    /// It has no Collada and no DXF any more.
    static let bpy = Converter(
        name: "bpy",
        tool: .bpy,
        reads: [.fbx, .glb, .gltf, .obj, .stl, .ply, .usd, .usdz, .abc, .blend],
        writes: [.fbx, .glb, .gltf, .obj, .stl, .ply, .usd, .usdz, .abc],
        hands: BlenderScript.frame,
        excludes: { source, target in source == target },
        honours: BlenderScript.honours,
        keepsAnimation: true,
        rank: BlenderScript.rank,
        explain: ScriptVerdict.failure
    ) { files in
        // Isolated: neither the environment nor the working folder adds modules.
        Command(
            ["-I", BlenderScript.script.path, "--"] + BlenderScript.arguments(files), script: BlenderScript.script)
    }
}
