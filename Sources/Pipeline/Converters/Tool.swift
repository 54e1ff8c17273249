package import SystemPackage

/// An external program. Several converters may share one; limits, pauses and paths are the tool's.
package struct Tool: Hashable, Sendable {
    /// In rows, in health, and in the settings `MAX_CONCURRENT_<NAME>` and `<NAME>_PATH`.
    package let name: String
    /// What the program is called on the `PATH`, most wanted first.
    package let programs: [String]
    /// How many of its processes run at the same time unless a setting says otherwise.
    package let limit: Int
    /// The arguments that make it tell its version.
    package let versionArguments: [String]
    /// How to get it, for a person: a command.
    package let install: String

    package init(name: String, programs: [String], limit: Int, versionArguments: [String], install: String) {
        self.name = name
        self.programs = programs
        self.limit = limit
        self.versionArguments = versionArguments
        self.install = install
    }
}

/// A tool that was found on this machine and told its version from inside the sandbox.
package struct InstalledTool: Sendable {
    package let tool: Tool
    package let program: FilePath
    package let version: String
}
