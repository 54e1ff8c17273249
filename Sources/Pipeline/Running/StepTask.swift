import Persistence
import SystemPackage

/// One run of one step, whoever asked for it: a job, or the self-test.
struct StepTask: Sendable {
    let converter: Converter
    let tool: InstalledTool
    let files: ConversionFiles
    let command: Command
    let limits: ToolLimits
    let source: Source
    /// What the client says of the numbers counts at both ends of a route, for the first and for the last step.
    let isFirst: Bool
    let isLast: Bool

    /// What is converted.
    struct Source: Sendable {
        private let place: Place
        /// The root model's name, where the file is a zip of several.
        let root: String?
        /// What is known of it already; of an intermediate file, what its numbers mean.
        let geometry: Geometry?

        enum Place: Sendable {
            case file(FilePath)
            /// In memory.
            case bytes([UInt8])
        }

        init(_ place: Place, root: String? = nil, geometry: Geometry? = nil) {
            self.place = place
            self.root = root
            self.geometry = geometry
        }

        init(_ file: FilePath, root: String? = nil) {
            self.init(.file(file), root: root)
        }

        /// The file; what is only in memory gets one in the workspace. Blocks.
        func file(in workspace: Workspace) throws(Failure) -> FilePath {
            switch place {
            case .file(let file): return file
            case .bytes(let bytes):
                try Files.put(bytes, at: workspace.source)
                return workspace.source
            }
        }
    }

    init(
        _ converter: Converter, _ tool: InstalledTool, _ files: ConversionFiles, _ source: Source, limits: ToolLimits,
        isFirst: Bool = true, isLast: Bool = true
    ) {
        self.converter = converter
        self.tool = tool
        self.files = files
        command = converter.command(files)
        self.source = source
        self.limits = limits
        self.isFirst = isFirst
        self.isLast = isLast
    }

    var diagnosis: Diagnosis { Diagnosis(converter: converter, limits: limits) }

    /// What the numbers mean. Reads the model, for formats whose files tell their unit.
    func numbers(of model: FilePath) -> Numbers {
        let options = files.options
        let declared = source.geometry.map(Frame.init) ?? .of(files.from, at: model)
        let meant = isFirst ? declared.overridden(unit: options.sourceUnit, up: options.sourceUp) : declared
        let usual = Frame.of(files.to)
        guard isLast else { return Numbers(declared: declared, meant: meant, wanted: usual) }
        return Numbers(
            declared: declared, meant: meant,
            wanted: usual.overridden(unit: options.targetUnit, up: options.targetUp), scale: options.scale ?? 1)
    }
}
