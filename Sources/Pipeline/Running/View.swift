import Persistence
import SystemPackage

/// Where a tool finds its places: in a view of its own of the file system, or where they are on the machine.
///
/// Converters and scripts know only the first. For the second their paths are put right when the tool is called.
struct View: Sendable {
    let input: String
    let output: String
    let scratch: String
    let scripts: String

    static let own = View(input: "/in", output: "/out", scratch: "/tmp", scripts: "/kiln")

    private init(input: String, output: String, scratch: String, scripts: String) {
        self.input = input
        self.output = output
        self.scratch = scratch
        self.scripts = scripts
    }

    /// The machine's.
    init(of inputs: ToolCall.Inputs, in workspace: Workspace) {
        let input = if case .folder(let folder) = inputs { folder } else { workspace.input }
        self.init(
            input: input.string, output: workspace.out.string, scratch: workspace.scratch.string,
            scripts: workspace.scripts.string)
    }

    /// Whether it is one of its own.
    var isOwn: Bool { input == Self.own.input }

    private var places: [(from: String, to: String)] {
        [(Self.own.input, input), (Self.own.output, output), (Self.own.scripts, scripts)]
    }

    /// An argument that is a path below one of the places, or an option with one as its value (`--to=/out/a`).
    func path(_ argument: String) -> String {
        let start = argument.hasPrefix("--") ? argument.firstRange(of: "=/")?.lowerBound : nil
        let option = start.map { argument[...$0] } ?? ""
        let value = argument.dropFirst(option.count)
        for (from, to) in places where value.hasPrefix(from + "/") { return option + to + value.dropFirst(from.count) }
        return argument
    }

    /// A program of ours in which such paths are in quotes.
    func program(_ bytes: [UInt8]) -> [UInt8] {
        if isOwn { return bytes }
        var text = String(decoding: bytes, as: UTF8.self)
        for (from, to) in places {
            for quote in ["\"", "'"] { text = text.replacing(quote + from + "/", with: quote + to + "/") }
        }
        return Array(text.utf8)
    }

    /// Gives the places in what a tool said the names that converters know: paths of the machine are nobody's business.
    func tidy(_ log: FilePath, _ inputs: ToolCall.Inputs) {
        do {
            try hide(in: log, inputs)
        } catch {
            // A log that cannot be read and written back is none.
            try? Directory.remove(log)
        }
    }

    private func hide(in log: FilePath, _ inputs: ToolCall.Inputs) throws {
        var text = String(decoding: try Files.read(log), as: UTF8.self)
        if case .file(let file, let name) = inputs {
            text = text.replacing(file.string, with: "\(Self.own.input)/\(name)")
        }
        for (from, to) in places + [(Self.own.scratch, scratch)] { text = text.replacing(to, with: from) }
        try Files.write(Array(text.utf8), to: log)
    }
}
