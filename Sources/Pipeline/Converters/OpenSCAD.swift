import Persistence

extension Tool {
    static let openSCAD = Tool(
        name: "openscad", programs: ["openscad"], limit: 2, versionArguments: ["--version"],
        install: "apt-get install openscad", library: "OPENSCADPATH")
}

extension Converter {
    /// Constructive geometry to meshes and drawings. A `.scad` file is a program: it runs in the sandbox, and sees only
    /// the model's own files and the operator's library.
    static let openSCAD = Converter(
        name: "openscad",
        tool: .openSCAD,
        reads: [.scad, .csg],
        writes: [.stl, .off, .threeMF, .amf, .dxf, .svg, .csg],
        excludes: { source, target in source == target },
        honours: [.parameters: everything, .parameterSet: everything, .binary: [.stl]],
        rank: { _ in 0 },
        limits: ToolLimits(timeout: .seconds(30), memory: 4 << 30),
        explain: OpenSCADLog.failure
    ) { files in
        Command(
            ["--hardwarnings", "--export-format", exporter(files), "-o", files.result] + definitions(files.options)
                + [files.source])
    }

    private static let everything: Set<Format> = [.stl, .off, .threeMF, .amf, .dxf, .svg, .csg]

    private static func exporter(_ files: ConversionFiles) -> String {
        switch files.to {
        case .stl: files.options.binary == false ? "asciistl" : "binstl"
        default: files.to.name
        }
    }

    /// Names are validated where options are read. In the order of their names, so that the same request is the same
    /// command line.
    private static func definitions(_ options: ConversionOptions) -> [String] {
        let set = options.parameterSet.map { ["-p", "/in/model.json", "-P", $0] } ?? []
        let parameters = (options.parameters ?? [:]).sorted { $0.key < $1.key }
        return set + parameters.flatMap { name, value in ["-D", "\(name)=\(value.literal)"] }
    }
}

/// What OpenSCAD says of a failure: it always ends with 1.
enum OpenSCADLog {
    static func failure(exitCode: Int, log: String) -> Failure? {
        let lines = log.split(separator: "\n")
        if let line = lines.last(where: { $0.hasPrefix("Current top level object is ") }) {
            return Failure(.invalidInput, "\(line.hasSuffix(".") ? line.dropLast() : line).")
        }
        let complaint = lines.first { line in ["ERROR: ", "WARNING: "].contains(where: line.hasPrefix) }
        return complaint.map { Failure(.invalidInput, "OpenSCAD says: \($0.prefix(200))") }
    }
}
