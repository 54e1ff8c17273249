import Persistence
import SystemPackage

/// What a tool reads, laid out for it: the file itself, a folder of several, or a copy that we change before.
struct LaidSource: Sendable {
    private(set) var model: FilePath
    private(set) var inputs: ToolCall.Inputs
    /// Where a copy goes; `nil` once there is one.
    private var copy: FilePath?

    /// Blocks. The workspace is empty.
    init(_ task: StepTask, in workspace: Workspace) throws(Failure) {
        let (name, file) = (task.files.sourceName, try task.source.file(in: workspace))
        if let root = task.source.root {
            try ModelFolder.unpack(blob: file, root: root, into: workspace.input, as: name)
            model = workspace.input.appending(name)
            inputs = .folder(workspace.input)
        } else {
            model = file
            inputs = .file(model, name: name)
            copy = workspace.root.appending(name)
        }
        if [.dae, .x3d, .amf].contains(task.files.from) { try narrow(workspace) }
    }

    /// Brings the numbers into another frame.
    mutating func normalise(_ normalisation: Normalisation, _ kind: Reading.Kind) throws(Failure) {
        if let copy {
            try Files.copy(model, to: copy)
            use(copy)
        }
        try normalisation.carryOut(on: model, kind)
    }

    /// XML in UTF-16 becomes UTF-8: tools do not know it (seen with assimp 5.2.5).
    private mutating func narrow(_ workspace: Workspace) throws(Failure) {
        let narrowed = workspace.root.appending("narrowed")
        do {
            guard try Transcoding.narrow(model, to: narrowed) else { return }
        } catch {
            throw Failure(storing: error)
        }
        if let copy {
            try Files.move(narrowed, to: copy)
            use(copy)
        } else {
            try Files.move(narrowed, to: model)
        }
    }

    private mutating func use(_ file: FilePath) {
        if case .file(_, let name) = inputs { inputs = .file(file, name: name) }
        model = file
        copy = nil
    }
}
