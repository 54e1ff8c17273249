import Persistence
import SystemPackage
import TestSupport
import Testing

@testable import Pipeline

/// A tool of this machine at work for one converter, in its sandbox but without a server around it.
struct RealTool {
    let converter: Converter
    private let tool: InstalledTool
    private let folder: FilePath
    private let launcher: Launcher

    /// What came of a run.
    struct Outcome {
        let report: RunReport
        let failure: Failure?
        let out: FilePath
        let log: String
    }

    /// `program` instead of the one that is installed; `library` for its setting.
    init(
        _ converter: Converter, in folder: FilePath, program: FilePath? = nil, library: String? = nil
    ) async throws {
        self.converter = converter
        self.folder = folder
        launcher = Launcher(sandbox: Sandbox.find(searchPath: Machine.searchPath), niceness: 0)
        let search = ToolSearch(
            paths: program.map { [converter.tool.name: $0.string] } ?? [:],
            libraries: converter.tool.library.flatMap { name in
                library.map { [name: $0.split(separator: ":").map { FilePath(String($0)) }] }
            } ?? [:],
            searchPath: Machine.searchPath, launcher: launcher, scratch: folder.appending("versions"))
        let toolbox = await search.find([converter])
        tool = try #require(toolbox.tools.first, "\(String(describing: toolbox.entries.first?.state))")
    }

    var version: String { tool.version }

    /// Whether one of the tool's programs is on this machine; whether it works shows later.
    static func isInstalled(_ converter: Converter) -> Bool {
        Machine.hasSandbox
            && converter.tool.programs.contains { program in
                let paths =
                    program.hasPrefix("/")
                    ? [FilePath(program)] : Access.paths(of: program, Machine.searchPath)
                return paths.contains(where: Access.isExecutableFile)
            }
    }

    func run(_ files: ConversionFiles, on source: FilePath, beside: [String: [UInt8]] = [:]) async throws -> Outcome {
        let workspace = Workspace(root: folder.appending("\(files.from.name).\(files.to.name)"))
        try workspace.make()
        let inputs = folder.appending("\(files.from.name).\(files.to.name).in")
        try Directory.remove(inputs)
        try Directory.make(inputs)
        try Files.copy(source, to: inputs.appending(files.sourceName))
        for (name, bytes) in beside { try Files.write(bytes, to: inputs.appending(name)) }
        let report = await launcher.run(
            ToolCall(tool, converter.command(files), inputs: .folder(inputs)), in: workspace, limits: converter.limits)
        let log = workspace.logTail(limit: 1 << 16)
        let failure = Diagnosis(converter: converter, limits: converter.limits).failure(of: report, log: log)
        return Outcome(report: report, failure: failure, out: workspace.out.appending(files.resultName), log: log)
    }

    func run(
        _ bytes: [UInt8], _ from: Format, to: Format, options: ConversionOptions = ConversionOptions(),
        beside: [String: [UInt8]] = [:]
    ) async throws -> Outcome {
        let source = folder.appending("source.\(from.name)")
        try Files.write(bytes, to: source)
        return try await run(ConversionFiles(from: from, to: to, options: options), on: source, beside: beside)
    }

    /// Size of the result in its own numbers: by our reader, or by the tool's own.
    func extents(_ outcome: Outcome, _ format: Format) async throws -> [Double]? {
        if let kind = Reading.Kind(format) { return try Reading.measure(outcome.out.string, format: kind)?.extents }
        guard converter.reads.contains(format) else { return nil }
        let mirror = try #require([Format.glb, .stl].first { converter.writes.contains($0) })
        let image = try await run(ConversionFiles(from: format, to: mirror), on: outcome.out)
        try #require(image.failure == nil, "\(image.log)")
        let kind = try #require(Reading.Kind(mirror))
        return try Reading.measure(image.out.string, format: kind)?.extents
    }
}

/// Lends one.
func withRealTool(
    _ converter: Converter, program: FilePath? = nil, _ body: (RealTool) async throws -> Void
) async throws {
    try await withTemporaryFolder { folder in
        try await body(RealTool(converter, in: folder, program: program))
    }
}
