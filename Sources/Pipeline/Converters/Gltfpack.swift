extension Tool {
    static let gltfpack = Tool(
        name: "gltfpack", programs: ["gltfpack"], limit: 2, versionArguments: ["-v"],
        install: "apt-get install gltfpack", needs: [.little])
}

extension Converter {
    /// Smaller meshes in GLB, by `EXT_meshopt_compression`; nodes, materials and extras keep their names and number.
    static let gltfpack = Converter(
        name: "gltfpack",
        tool: .gltfpack,
        reads: [.glb],
        writes: [.glb],
        serves: .compress(.meshopt)
    ) { files in
        // Its usual 14 bits of a position are a sixth of a millimetre in a model of 3 m.
        Command("-cc", "-kn", "-km", "-ke", "-vp", "16", "-i", files.source, "-o", files.result)
    }
}
