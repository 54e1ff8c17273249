import Persistence
package import SystemPackage

/// What a tool sees of the machine: system libraries, itself, its input (read-only), its output and its scratch.
///
/// No network, no other processes, no environment but the four variables below. By bubblewrap (`man bwrap`).
package struct Sandbox: Sendable {
    let bubblewrap: FilePath

    /// For health and the attempts' records.
    package static let level = "bubblewrap"

    package init(bubblewrap: FilePath) {
        self.bubblewrap = bubblewrap
    }

    /// Looks for bubblewrap on the `PATH`.
    package static func find(searchPath: String) -> Sandbox? {
        Access.paths(of: "bwrap", searchPath).first(where: Access.isExecutableFile).map(Sandbox.init)
    }

    /// The whole command line that makes `call` in the sandbox.
    func command(_ call: ToolCall, in workspace: Workspace) -> [String] {
        let program = call.tool.wrapper + [call.tool.program.string]
        let line =
            call.script.flatMap { script in
                script.shell.map { [$0, script.path] + call.arguments + program }
            } ?? program + call.arguments
        return [bubblewrap.string] + Self.isolation + Self.system + view(of: call.inputs)
            + ["--bind", workspace.out.string, "/out", "--bind", workspace.scratch.string, "/tmp", "--chdir", "/out"]
            + view(of: call.tool) + view(of: call, in: workspace) + Self.environment + ["--"] + line
    }

    private static let isolation = [
        "--unshare-all", "--die-with-parent", "--new-session", "--clearenv", "--cap-drop", "ALL",
    ]

    private static let system = [
        "--ro-bind", "/usr", "/usr", "--symlink", "usr/bin", "/bin", "--symlink", "usr/lib", "/lib",
        "--symlink", "usr/lib64", "/lib64", "--ro-bind-try", "/etc/alternatives", "/etc/alternatives",
        "--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache", "--ro-bind-try", "/etc/fonts", "/etc/fonts",
        "--proc", "/proc", "--dev", "/dev",
    ]

    private static let environment = [
        "--setenv", "PATH", "/usr/bin:/bin", "--setenv", "HOME", "/tmp", "--setenv", "TMPDIR", "/tmp",
        "--setenv", "LC_ALL", "C.UTF-8",
    ]

    private func view(of inputs: ToolCall.Inputs) -> [String] {
        switch inputs {
        case .nothing: ["--dir", "/in"]
        case .file(let file, let name): ["--dir", "/in", "--ro-bind", file.string, "/in/\(name)"]
        case .folder(let folder): ["--ro-bind", folder.string, "/in"]
        }
    }

    /// A program outside `/usr` is shown by itself, or with the folder that it lives in.
    private func view(of tool: InstalledTool) -> [String] {
        guard !tool.program.starts(with: "/usr") else { return libraries(of: tool) }
        let home = (0..<tool.tool.homeDepth).reduce(tool.program) { path, _ in path.removingLastComponent() }
        return ["--ro-bind", home.string, home.string] + libraries(of: tool)
    }

    private func libraries(of tool: InstalledTool) -> [String] {
        guard let variable = tool.tool.library, !tool.libraries.isEmpty else { return [] }
        let places = tool.libraries.indices.map { "/library/\($0)" }
        let view = zip(tool.libraries, places).flatMap { ["--ro-bind-try", $0.string, $1] }
        return view + ["--setenv", variable, places.joined(separator: ":")]
    }

    private func view(of call: ToolCall, in workspace: Workspace) -> [String] {
        var view: [String] = []
        if let script = call.script { view += ["--ro-bind", workspace.script.string, script.path] }
        if call.tool.tool.needs.contains(.account) { view += ["--ro-bind", workspace.account.string, "/etc/passwd"] }
        return view
    }
}
