extension Tool {
    static let draco = Tool(
        name: "draco", programs: ["draco_transcoder"], limit: 2, versionArguments: nil,
        install: "apt-get install draco", needs: [.little])
}

extension Converter {
    /// Smaller meshes in GLB, by `KHR_draco_mesh_compression`.
    static let draco = Converter(
        name: "draco",
        tool: .draco,
        reads: [.glb],
        writes: [.glb],
        serves: .compress(.draco)
    ) { files in
        Command("-qp", "16", "-qt", "12", "-qn", "10", "-i", files.source, "-o", files.result)
    }
}
