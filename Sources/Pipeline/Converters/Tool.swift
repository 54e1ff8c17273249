package import SystemPackage

/// An external program. Several converters may share one; limits, pauses and paths are the tool's.
package struct Tool: Hashable, Sendable {
    /// In rows, in health, and in the settings `MAX_CONCURRENT_<NAME>` and `<NAME>_PATH`.
    package let name: String
    /// What the program is called on the `PATH`, or where it is; most wanted first.
    package let programs: [String]
    /// How many of its processes run at the same time unless a setting says otherwise.
    package let limit: Int
    /// The arguments that make it tell its version; `nil` for a tool that cannot.
    package let versionArguments: [String]?
    /// What those arguments have it execute, where it tells its version only to a program.
    let versionScript: Script?
    /// How to get it, for a person: a command.
    package let install: String
    /// How many folders above the program belong to it, for one that lives outside `/usr`: 2 for `<home>/bin/program`.
    let homeDepth: Int
    /// The variable of its environment that names the folders of its libraries, and the setting of the same name.
    package let library: String?
    let needs: Set<Need>

    /// What a tool cannot start without.
    package enum Need: Hashable, Sendable {
        /// A line for its user in `/etc/passwd`.
        case account
        /// An X11 display; a virtual one will do.
        case display
        /// Nothing but itself and libraries: no fonts, no programs, no devices. Each that it is not shown makes a run quicker.
        case little
    }

    package init(
        name: String, programs: [String], limit: Int, versionArguments: [String]?,
        versionScript: Script? = nil, install: String, homeDepth: Int = 0, library: String? = nil,
        needs: Set<Need> = []
    ) {
        self.name = name
        self.programs = programs
        self.limit = limit
        self.versionArguments = versionArguments
        self.versionScript = versionScript
        self.install = install
        self.homeDepth = homeDepth
        self.library = library
        self.needs = needs
    }
}

/// A tool that was found on this machine and told its version from inside the sandbox.
package struct InstalledTool: Sendable {
    package let tool: Tool
    package let program: FilePath
    package let version: String
    /// What stands before the program in a command line: where it needs a display, a program that makes one.
    let wrapper: [String]
    /// The operator's libraries for it: folders, which it may read.
    let libraries: [FilePath]

    package init(
        tool: Tool, program: FilePath, version: String, wrapper: [String] = [], libraries: [FilePath] = []
    ) {
        self.tool = tool
        self.program = program
        self.version = version
        self.wrapper = wrapper
        self.libraries = libraries
    }

    /// A program outside `/usr` by itself, or the folder that it lives in; `nil` for those that belong to the system.
    var home: FilePath? {
        if program.starts(with: "/usr") { return nil }
        return (0..<tool.homeDepth).reduce(program) { path, _ in path.removingLastComponent() }
    }

    func with(version: String) -> InstalledTool {
        InstalledTool(tool: tool, program: program, version: version, wrapper: wrapper, libraries: libraries)
    }
}
