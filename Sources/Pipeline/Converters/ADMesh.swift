extension Tool {
    static let admesh = Tool(
        name: "admesh", programs: ["admesh"], limit: 2, versionArguments: ["--version"],
        install: "apt-get install admesh", needs: [.little])
}

extension Converter {
    /// Whole solids of torn ones: nearby facets connected, holes filled, normals made consistent.
    static let admesh = Converter(
        name: "admesh",
        tool: .admesh,
        reads: [.stl],
        writes: [.stl],
        serves: .repair,
        honours: [.binary: [.stl]]
    ) { files in
        Command(
            "--nearby", "--fill-holes", "--normal-directions", "--normal-values",
            "\(files.options.binary == false ? "--write-ascii-stl" : "--write-binary-stl")=\(files.result)",
            files.source)
    }
}
