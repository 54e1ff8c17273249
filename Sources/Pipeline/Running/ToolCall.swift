import Glibc
import SystemPackage

/// One call of a tool: what is executed, and what it may read.
struct ToolCall: Sendable {
    let tool: InstalledTool
    let arguments: [String]
    let script: Script?
    let inputs: Inputs

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

    /// Lays out what the sandbox shows beside the inputs. Throws `Errno`.
    func prepare(_ workspace: Workspace) throws {
        if let script { try Files.write(script.bytes, to: workspace.script) }
        if tool.tool.needs.contains(.account) {
            try Files.write(Array("kiln:x:\(getuid()):\(getgid())::/tmp:/bin/sh\n".utf8), to: workspace.account)
        }
    }
}
