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
        searchPath.split(separator: ":").map { FilePath(String($0)).appending("bwrap") }
            .first(where: Access.isExecutableFile).map(Sandbox.init)
    }

    /// A file that the tool may read, and the name that it sees: `/in/<name>`.
    struct Input: Sendable {
        let file: FilePath
        let name: String
    }

    /// The whole command line that runs `program` in the sandbox.
    func command(_ program: FilePath, _ arguments: [String], in workspace: Workspace, inputs: [Input]) -> [String] {
        [bubblewrap.string] + Self.isolation + Self.system
            + inputs.flatMap { ["--ro-bind", $0.file.string, "/in/\($0.name)"] }
            + ["--bind", workspace.out.string, "/out", "--bind", workspace.scratch.string, "/tmp", "--chdir", "/out"]
            + view(of: program) + Self.environment + ["--", program.string] + arguments
    }

    private static let isolation = [
        "--unshare-all", "--die-with-parent", "--new-session", "--clearenv", "--cap-drop", "ALL",
    ]

    private static let system = [
        "--ro-bind", "/usr", "/usr", "--symlink", "usr/bin", "/bin", "--symlink", "usr/lib", "/lib",
        "--symlink", "usr/lib64", "/lib64", "--ro-bind-try", "/etc/alternatives", "/etc/alternatives",
        "--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache", "--ro-bind-try", "/etc/fonts", "/etc/fonts",
        "--proc", "/proc", "--dev", "/dev", "--dir", "/in",
    ]

    private static let environment = [
        "--setenv", "PATH", "/usr/bin:/bin", "--setenv", "HOME", "/tmp", "--setenv", "TMPDIR", "/tmp",
        "--setenv", "LC_ALL", "C.UTF-8",
    ]

    /// A program outside `/usr` is shown by itself.
    private func view(of program: FilePath) -> [String] {
        program.starts(with: "/usr") ? [] : ["--ro-bind", program.string, program.string]
    }
}
