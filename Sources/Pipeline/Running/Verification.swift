import Persistence
import SystemPackage

/// Opens a result again and measures it: by a reader of ours, or by letting a tool read it back into a format that we read.
///
/// A tool that exits with 0 has promised nothing (empty models were seen from all of them).
struct Verification: Sendable {
    let toolbox: Toolbox
    let launcher: Launcher
    let leash: Leash

    struct Finding: Sendable {
        let geometry: Geometry
        /// `kiln`, or the tool and its version.
        let verifiedBy: String
    }

    /// The main file of a result.
    struct Subject: Sendable {
        let file: FilePath
        /// Where it lies, when other files belong to it.
        let folder: FilePath?
        let format: Format
        let limits: ToolLimits
    }

    /// Formats that results are read back into, the ones that tell most first.
    private static let mirrors: [Format] = [.glb, .stl, .obj, .dxf]

    /// Whether results of the format can be verified by us, or by one of the converters.
    static func isPossible(of format: Format, by converters: [Converter]) -> Bool {
        Reading.Kind(format) != nil || converters.contains { mirror(of: format, by: $0) != nil }
    }

    private static func mirror(of format: Format, by converter: Converter) -> Format? {
        guard converter.serves == nil, converter.reads.contains(format) else { return nil }
        return mirrors.first { converter.writes.contains($0) && !converter.excludes(format, $0) && $0 != format }
    }

    /// Throws `emptyResult` for a model without triangles and `invalidResult` for one that cannot be read.
    func verify(_ subject: Subject, in workspace: Workspace) throws(Failure) -> Finding {
        if let kind = Reading.Kind(subject.format), let geometry = try measure(subject.file, kind) {
            return Finding(geometry: try checked(geometry), verifiedBy: "kiln")
        }
        return try readBack(subject, in: workspace)
    }

    private func measure(_ file: FilePath, _ kind: Reading.Kind) throws(Failure) -> Geometry? {
        do {
            return try Reading.measure(file.string, format: kind)
        } catch {
            throw Failure(.invalidResult, "The tool's result does not stand up: \(error.sentence)")
        }
    }

    private func checked(_ geometry: Geometry) throws(Failure) -> Geometry {
        guard !geometry.isEmpty else { throw Failure(.emptyResult, "The result has no geometry.") }
        return geometry
    }

    /// By the first tool that can; the next one is asked where one cannot read it.
    private func readBack(_ subject: Subject, in workspace: Workspace) throws(Failure) -> Finding {
        var complaint = Failure(.invalidResult, "The tool's result cannot be measured.")
        for entry in toolbox.entries {
            guard let tool = entry.tool, let mirror = Self.mirror(of: subject.format, by: entry.converter) else {
                continue
            }
            do throws(Failure) {
                return try readBack(subject, entry.converter, tool, mirror, in: workspace)
            } catch {
                guard [.invalidResult, .emptyResult].contains(error.code) else { throw error }
                complaint = error
            }
        }
        throw complaint
    }

    /// Has the tool turn the result into another format, in a sandbox of its own, and measures that.
    private func readBack(
        _ subject: Subject, _ converter: Converter, _ tool: InstalledTool, _ mirror: Format, in workspace: Workspace
    ) throws(Failure) -> Finding {
        let inner = Workspace(root: workspace.root.appending("verify"))
        try inner.make()
        let files = ConversionFiles(from: subject.format, to: mirror)
        let inputs = subject.folder.map(ToolCall.Inputs.folder) ?? .file(subject.file, name: files.sourceName)
        let report = launcher.run(
            ToolCall(tool, converter.command(files), inputs: inputs), in: inner, limits: subject.limits, leash)
        guard report.outcome != .stopped else { throw Failure(.interrupted, "The run was interrupted.") }
        guard report.outcome == .exited, report.code == 0, let kind = Reading.Kind(mirror),
            Access.sizeOfFile(inner.out.appending(files.resultName)) != nil
        else {
            throw Failure(.invalidResult, "\(tool.tool.name) could not read the result back: \(report.summary).")
        }
        guard let image = try measure(inner.out.appending(files.resultName), kind) else {
            throw Failure(.invalidResult, "The tool's result cannot be measured.")
        }
        return Finding(
            geometry: try checked(Self.inFile(image, subject, converter, mirror)),
            verifiedBy: "\(tool.tool.name) \(tool.version)")
    }

    /// The mirror image's sizes, in the unit and axes of the file itself.
    private static func inFile(
        _ image: Geometry, _ subject: Subject, _ converter: Converter, _ mirror: Format
    ) -> Geometry {
        let declared = Frame.of(subject.format, at: subject.file)
        let change = Numbers(declared: declared, wanted: declared)
            .change(converter, from: subject.format, to: mirror)
        var geometry = image
        geometry.extents = image.extents.map(change.normalisation.extents)
        return geometry
    }
}

extension ReadError {
    var sentence: String {
        switch self {
        case .invalid(let sentence), .tooLarge(let sentence): sentence
        case .timedOut: "reading it takes too long."
        case .system: "it cannot be read."
        }
    }
}
