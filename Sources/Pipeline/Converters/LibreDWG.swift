extension Tool {
    static let dwg2dxf = Tool(
        name: "dwg2dxf", programs: ["dwg2dxf"], limit: 2, versionArguments: ["--version"], install: libreDWG)
    static let dxf2dwg = Tool(
        name: "dxf2dwg", programs: ["dxf2dwg"], limit: 2, versionArguments: ["--version"], install: libreDWG)

    private static let libreDWG = "Build it from https://github.com/LibreDWG/libredwg; Debian does not have it."
}

extension Converter {
    /// Drawings of AutoCAD up to 2018, by LibreDWG.
    static let libreDWG = Converter(
        name: "dwg2dxf",
        tool: .dwg2dxf,
        reads: [.dwg],
        writes: [.dxf]
    ) { files in
        Command("-y", "-o", files.result, files.source)
    }

    /// Drawings for AutoCAD; of the releases that it can write, 2000 is the only one that others open without complaints.
    static let libreDXF = Converter(
        name: "dxf2dwg",
        tool: .dxf2dwg,
        reads: [.dxf],
        writes: [.dwg]
    ) { files in
        Command("-y", "--as", "r2000", "-o", files.result, files.source)
    }
}
