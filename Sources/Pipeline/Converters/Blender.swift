extension Tool {
    static let blender = Tool(
        name: "blender", programs: ["blender"], limit: 2, versionArguments: ["--version"],
        install: "apt-get install blender python3-numpy")
}

extension Converter {
    /// Scenes with materials, textures and animation, by Blender as Debian has it.
    ///
    /// Not offered although it claims them (seen with 3.4.1): Collada input, which ends well with an empty scene, and
    /// X3D input, which is broken; Collada output of what may have a skeleton, which loses its pose. ASCII FBX, Draco, USD
    /// and Alembic need `bpy`.
    static let blender = Converter(
        name: "blender",
        tool: .blender,
        reads: [.fbx, .glb, .gltf, .obj, .stl, .ply, .blend],
        writes: [.fbx, .glb, .gltf, .obj, .stl, .ply, .dae, .dxf],
        hands: BlenderScript.frame,
        excludes: { source, target in
            source == target || (target == .dae && ![.obj, .stl, .ply].contains(source))
        },
        honours: BlenderScript.honours,
        keepsAnimation: true,
        rank: BlenderScript.rank,
        explain: ScriptVerdict.failure
    ) { files in
        Command(
            [
                "--background", "--factory-startup", "--disable-autoexec", "-noaudio",
                // Before `--python`, or it has no effect.
                "--python-exit-code", "1", "--python", BlenderScript.script.path, "--",
            ] + BlenderScript.arguments(files), script: BlenderScript.script)
    }
}

/// What Blender and its Python module share: one program of ours.
enum BlenderScript {
    static let script = Script(
        name: "blender.py", bytes: PackageResources.blender_formats_py + PackageResources.blender_py)

    static let honours: [Option: Set<Format>] = [.binary: [.stl, .ply], .embedTextures: [.fbx, .gltf]]

    static func arguments(_ files: ConversionFiles) -> [String] {
        [files.source, files.result, files.from.name, files.to.name]
            + flag("binary", files.options.binary) + flag("embedTextures", files.options.embedTextures)
    }

    private static func flag(_ name: String, _ value: Bool?) -> [String] {
        value.map { ["\(name)=\($0)"] } ?? []
    }

    /// Blender brings what has a unit into metres, and writes FBX in centimetres; both with Y up. Of meshes without a
    /// unit the numbers stay.
    static func frame(_ source: Format, _ target: Format) -> Frame? {
        switch source {
        case .obj, .stl, .ply, .abc: nil
        default: Frame(metresPerUnit: target == .fbx ? 0.01 : 1, up: .y)
        }
    }

    /// Others are quicker with plain meshes.
    static func rank(_ source: Format) -> Int {
        switch source {
        case .fbx, .blend: 0
        default: 2
        }
    }
}
