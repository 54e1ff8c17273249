package import SystemPackage

/// What keeps a tool from the rest of the machine: it sees system libraries, itself, its input (read-only), its output and
/// its scratch. No network, no other processes, no environment but four variables and the working folder.
package struct Sandbox: Sendable {
    /// The strongest first.
    package enum Level: String, Sendable {
        /// Namespaces by bubblewrap: what is not shown does not exist.
        case bubblewrap
        /// Landlock by the launcher: what is not allowed is refused. For machines that forbid namespaces.
        case landlock
        /// Nothing but limits. Only where the operator says so.
        case off
    }

    package let level: Level
    /// Of the first level only.
    let bubblewrap: FilePath?
    /// Where each run gets a control group; empty where none can be made.
    let groups: [FilePath]

    private init(_ level: Level, bubblewrap: FilePath?, groups: [FilePath]) {
        self.level = level
        self.bubblewrap = bubblewrap
        self.groups = groups
    }

    static func landlock(groups: [FilePath] = []) -> Sandbox {
        Sandbox(.landlock, bubblewrap: nil, groups: groups)
    }

    static func off(groups: [FilePath] = []) -> Sandbox {
        Sandbox(.off, bubblewrap: nil, groups: groups)
    }

    /// Looks for bubblewrap on the `PATH`; whether it may be used here is another question.
    package static func find(searchPath: String, groups: [FilePath] = []) -> Sandbox? {
        Access.paths(of: "bwrap", searchPath).first(where: Access.isExecutableFile)
            .map { Sandbox(.bubblewrap, bubblewrap: $0, groups: groups) }
    }

    /// Where tools find their places.
    func view(of call: ToolCall, in workspace: Workspace) -> View {
        level == .bubblewrap ? .own : View(of: call.inputs, in: workspace)
    }

    /// What the launcher is told, up to the end of its command line.
    func words(_ call: ToolCall, in workspace: Workspace) -> [String] {
        let own =
            groups.flatMap { ["--group", $0.string] }
            + ["--measured", workspace.out.string, "--measured", workspace.scratch.string]
        if let bubblewrap {
            let view = Bubblewrap(program: bubblewrap, call: call, workspace: workspace)
            return own + ["--bwrap", "--filter", "--"] + view.command
        }
        let place = Confinement(call: call, workspace: workspace)
        let rules = level == .landlock ? ["--landlock", "--filter"] + place.rules : []
        return own + rules + place.surroundings + ["--"] + call.line(in: place.view)
    }
}
