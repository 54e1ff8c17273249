import CLauncher
import SystemPackage

/// What one call may reach on the machine as it is, where a view of its own cannot be had (landlock(7)).
///
/// It sees its places under their real paths, and that there are other files, their names and sizes; it can read none of
/// them. It may see which processes there are, too, but neither look into nor signal them.
struct Confinement {
    let call: ToolCall
    let workspace: Workspace

    /// Whether the kernel has it.
    static var isPossible: Bool { kiln_landlock_version() > 0 }

    var view: View { View(of: call.inputs, in: workspace) }

    private static let system = [
        "/usr", "/bin", "/lib", "/lib64", "/etc/alternatives", "/etc/ld.so.cache", "/etc/fonts", "/proc/cpuinfo",
        "/proc/meminfo",
    ]

    private static let devices = ["/dev/null", "/dev/zero", "/dev/random", "/dev/urandom"]

    /// What the launcher is to allow; all else is refused.
    var rules: [String] {
        readable.flatMap { ["--readable", $0] } + [view.output, view.scratch].flatMap { ["--writable", $0] }
            + Self.devices.flatMap { ["--device", $0] }
    }

    private var readable: [String] {
        var places = Self.system + [view.input] + call.tool.libraries.map(\.string)
        if let home = call.tool.home { places.append(home.string) }
        if call.script != nil { places.append(view.scripts) }
        if case .file(let file, _) = call.inputs { places.append(file.string) }
        return places
    }

    /// Environment and working folder.
    var surroundings: [String] {
        var environment = [
            "PATH=/usr/bin:/bin", "HOME=\(view.scratch)", "TMPDIR=\(view.scratch)", "LC_ALL=C.UTF-8",
            "PWD=\(view.output)",
        ]
        if let variable = call.tool.tool.library, !call.tool.libraries.isEmpty {
            environment.append("\(variable)=\(call.tool.libraries.map(\.string).joined(separator: ":"))")
        }
        return environment.flatMap { ["--environment", $0] } + ["--directory", view.output]
    }
}
