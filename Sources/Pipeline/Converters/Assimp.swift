import Persistence

extension Tool {
    static let assimp = Tool(
        name: "assimp", programs: ["assimp"], limit: 5, versionArguments: ["version"],
        install: "apt-get install assimp-utils", needs: [.little])
}

extension Converter {
    /// Meshes to meshes, by the Open Asset Import Library.
    ///
    /// Not offered although it claims them (seen with 5.2.5): FBX output, which loses the transform of the scene's root,
    /// and which it cannot read back when binary; 3DS output, whose axes and node transforms come back changed; STEP and
    /// 3MF output, which nothing else reads.
    package static let assimp = Converter(
        name: "assimp",
        tool: .assimp,
        reads: [.obj, .stl, .ply, .off, .threeDS, .dae, .x, .gltf, .glb, .fbx, .threeMF, .x3d, .dxf, .amf],
        writes: [.glb, .gltf, .obj, .stl, .ply, .dae, .x],
        turns: [.threeDS, .dxf],
        // Collada files arrive in metres and Y-up, whatever they say of themselves.
        hands: { source, _ in source == .dae ? .of(.dae) : nil },
        explain: AssimpLog.failure
    ) { files in
        Command("export", files.source, files.result, "-f\(exporter(files))", "-embtex")
    }

    /// The exporter's id (`assimp listexport`): binary where a format has both, but for PLY, whose binary exporter writes
    /// colours in another type than its header says (seen with 5.2.5).
    private static func exporter(_ files: ConversionFiles) -> String {
        switch files.to {
        case .glb: "glb2"
        case .gltf: "gltf2"
        case .stl: "stlb"
        case .dae: "collada"
        case .obj where [.stl, .ply, .off, .dxf].contains(files.from): "objnomtl"
        default: files.to.name
        }
    }
}

/// What assimp says of a failure: one line that begins with `ERROR:`, and an exit code by stage.
enum AssimpLog {
    private static let importFailed = 10
    private static let exportFailed = 11

    static func failure(exitCode: Int, log: String) -> Failure? {
        let complaint = log.split(separator: "\n").last { $0.hasPrefix("ERROR: ") }
            .map { $0.dropFirst("ERROR: ".count).prefix(200) }.map(String.init)
        switch exitCode {
        case importFailed:
            return Failure(.invalidInput, "Assimp could not read the file: \(complaint ?? "it gave no reason.")")
        case exportFailed:
            return Failure(.toolFailed, "Assimp could not write the result: \(complaint ?? "it gave no reason.")")
        default: return nil
        }
    }
}
