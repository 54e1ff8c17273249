import Persistence
import SystemPackage

/// Opens a result again and measures it: by a reader of ours, or by letting the tool read back what it wrote.
///
/// A tool that exits with 0 has promised nothing (empty models were seen from all of them).
struct Verification: Sendable {
    let launcher: Launcher
    let readers: BlockingPool

    struct Finding: Sendable {
        let geometry: Geometry
        /// `kiln`, or the tool and its version.
        let verifiedBy: String
    }

    /// The main file of a result, and what made it.
    struct Result: Sendable {
        let file: FilePath
        let format: Format
        let converter: Converter
        let tool: InstalledTool
        let limits: ToolLimits
    }

    /// Throws `emptyResult` for a model or drawing that shows nothing and `invalidResult` for one that cannot be read.
    func verify(_ result: Result, in workspace: Workspace) async throws(Failure) -> Finding {
        if let kind = Reading.Kind(result.format) {
            return Finding(geometry: try await measure(result.file, kind), verifiedBy: "kiln")
        }
        let copy = try await readBack(result, in: workspace)
        return Finding(geometry: copy, verifiedBy: "\(result.tool.tool.name) \(result.tool.version)")
    }

    private func measure(_ file: FilePath, _ kind: Reading.Kind) async throws(Failure) -> Geometry {
        let geometry: Geometry?
        do {
            geometry = try await readers.run { try Reading.measure(file.string, format: kind) }
        } catch let error as ReadError {
            throw Failure(.invalidResult, "The tool's result does not stand up: \(error.sentence)")
        } catch {
            throw Failure(.internal, "The result could not be read back.")
        }
        guard let geometry else { throw Failure(.invalidResult, "The tool's result cannot be measured.") }
        guard !geometry.isEmpty else { throw Failure(.emptyResult, "The result has no geometry.") }
        return geometry
    }

    /// Has the tool turn its own result into an STL, in a sandbox of its own, and measures that.
    private func readBack(_ result: Result, in workspace: Workspace) async throws(Failure) -> Geometry {
        let inner = Workspace(root: workspace.root.appending("verify"))
        try inner.make()
        let files = ConversionFiles(from: result.format, to: .stl)
        let report = await launcher.run(
            ToolCall(
                result.tool, result.converter.command(files), inputs: .file(result.file, name: files.sourceName)),
            in: inner, limits: result.limits)
        guard report.outcome != .stopped else { throw Failure(.interrupted, "The run was interrupted.") }
        guard report.outcome == .exited, report.code == 0 else {
            throw Failure(.invalidResult, "The tool could not read its own result back: \(report.summary).")
        }
        return try await measure(inner.out.appending("model.stl"), .stl)
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
