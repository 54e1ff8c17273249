import Glibc
import Persistence
import SystemPackage

/// One call of a tool: what is executed, and what it may read.
struct ToolCall: Sendable {
    let tool: InstalledTool
    let script: Script?
    let inputs: Inputs
    private let arguments: [String]

    /// What stands in `/in`.
    enum Inputs: Sendable {
        case nothing
        /// One file, under the name that the tool sees.
        case file(FilePath, name: String)
        case folder(FilePath)
    }

    init(_ tool: InstalledTool, _ command: Command, inputs: Inputs) {
        self.tool = tool
        arguments = command.arguments
        script = command.script
        self.inputs = inputs
    }

    /// The tool's own command line.
    func line(in view: View) -> [String] {
        let program = tool.wrapper + [tool.program.string]
        let arguments = arguments.map(view.path)
        guard let script, let shell = script.shell else { return program + arguments }
        return [shell, view.path(script.path)] + arguments + program
    }

    /// Lays out what the tool reads beside what is there already. Throws `Errno` and `SystemError`.
    func prepare(_ workspace: Workspace, _ view: View) throws {
        if let script {
            try Directory.make(workspace.scripts)
            try Files.write(view.program(script.bytes), to: workspace.scripts.appending(script.name))
        }
        if tool.tool.needs.contains(.account) {
            try Files.write(Array("kiln:x:\(getuid()):\(getgid())::/tmp:/bin/sh\n".utf8), to: workspace.account)
        }
        if case .file(let file, let name) = inputs, view.input == workspace.input.string {
            try Directory.make(workspace.input)
            try Files.link(workspace.input.appending(name), to: file)
        }
    }
}
