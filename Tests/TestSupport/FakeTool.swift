package import Persistence
package import Pipeline
package import SystemPackage

/// A shell script that plays a tool, and the converter that describes it. It is version 1.2.3.
///
/// The sandbox shows the script itself and the programs of the system; of the test it knows nothing. What the two say to
/// each other goes through files in the workspace's scratch.
package struct FakeTool: Sendable {
    package let converter: Converter
    private let script: String

    package var name: String { converter.tool.name }

    /// One converter, of the same name as its tool.
    package init(
        _ name: String, reads: [Format] = [.obj], writes: [Format] = [.stl], limit: Int = 2,
        serves: Converter.Service? = nil, honours: [Option: Set<Format>] = [:], limits: ToolLimits = ToolLimits(),
        explain: @escaping @Sendable (_ exitCode: Int, _ log: String) -> Failure? = { _, _ in nil },
        does behaviour: FakeBehaviour
    ) {
        let tool = Tool(
            name: name, programs: [name], limit: limit, versionArguments: ["version"],
            install: "apt-get install \(name)")
        converter = Converter(
            name: name, tool: tool, reads: reads, writes: writes, serves: serves, honours: honours, limits: limits,
            explain: explain
        ) { files in Command(files.source, files.result) }
        script = """
            #!/bin/sh
            if [ "$1" = version ]; then echo "fake 1.2.3"; exit 0; fi
            source=$1 result=$2
            \(behaviour.script)

            """
    }

    /// Writes the program into the folder, ready to be executed.
    package func install(in folder: FilePath) throws -> FilePath {
        try Directory.make(folder)
        let program = folder.appending(name)
        let file = try FileDescriptor.open(
            program, .writeOnly, options: [.create, .truncate, .closeOnExec],
            permissions: FilePermissions(rawValue: 0o755))
        try file.closeAfter { _ = try file.writeAll(script.utf8) }
        return program
    }
}
