import SystemPackage

/// A view of the file system, and of the machine, that has nothing in it but what one call needs (`man bwrap`).
///
/// All that can be written to is the output and the scratch: not `/`, which is memory, and not `/proc`, where root may
/// change the kernel's settings even without capabilities. Each mount costs about 0.2 ms, hence the short list.
struct Bubblewrap {
    let program: FilePath
    let call: ToolCall
    let workspace: Workspace

    /// The whole command line.
    var command: [String] {
        [program.string] + Self.isolation + Self.system + settings + devices + inputs
            + ["--bind", workspace.out.string, "/out", "--bind", workspace.scratch.string, "/tmp", "--chdir", "/out"]
            + tool + scripts + ["--remount-ro", "/proc", "--remount-ro", "/"] + Self.environment
            + ["--"] + call.line(in: .own)
    }

    private static let isolation = [
        "--unshare-all", "--die-with-parent", "--new-session", "--clearenv", "--cap-drop", "ALL",
    ]

    private static let system = [
        "--ro-bind", "/usr", "/usr", "--symlink", "usr/bin", "/bin", "--symlink", "usr/lib", "/lib",
        "--symlink", "usr/lib64", "/lib64", "--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache", "--proc", "/proc",
        "--symlink", "/proc/self/fd", "/dev/fd", "--symlink", "/tmp", "/dev/shm",
    ]

    private static let environment = [
        "--setenv", "PATH", "/usr/bin:/bin", "--setenv", "HOME", "/tmp", "--setenv", "TMPDIR", "/tmp",
        "--setenv", "LC_ALL", "C.UTF-8",
    ]

    private var needsLittle: Bool { call.tool.tool.needs.contains(.little) }

    private var settings: [String] {
        if needsLittle { return [] }
        return ["/etc/alternatives", "/etc/fonts"].flatMap { ["--ro-bind-try", $0, $0] }
    }

    /// Shared memory by name is the scratch's, so that it counts as output.
    private var devices: [String] {
        let nothing = ["--dev-bind", "/dev/null", "/dev/null"]
        if needsLittle { return nothing }
        return nothing + ["/dev/zero", "/dev/urandom"].flatMap { ["--dev-bind", $0, $0] }
            + ["--symlink", "urandom", "/dev/random"]
    }

    private var inputs: [String] {
        switch call.inputs {
        case .nothing: ["--dir", "/in"]
        case .file(let file, let name): ["--dir", "/in", "--ro-bind", file.string, "/in/\(name)"]
        case .folder(let folder): ["--ro-bind", folder.string, "/in"]
        }
    }

    private var tool: [String] {
        let home = call.tool.home.map { ["--ro-bind", $0.string, $0.string] } ?? []
        guard let variable = call.tool.tool.library, !call.tool.libraries.isEmpty else { return home }
        let places = call.tool.libraries.indices.map { "/library/\($0)" }
        let view = zip(call.tool.libraries, places).flatMap { ["--ro-bind-try", $0.string, $1] }
        return home + view + ["--setenv", variable, places.joined(separator: ":")]
    }

    private var scripts: [String] {
        var view: [String] = []
        if call.script != nil { view += ["--ro-bind", workspace.scripts.string, View.own.scripts] }
        if call.tool.tool.needs.contains(.account) { view += ["--ro-bind", workspace.account.string, "/etc/passwd"] }
        return view
    }
}
