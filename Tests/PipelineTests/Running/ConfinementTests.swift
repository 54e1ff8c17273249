import Glibc
import Persistence
import SystemPackage
import TestSupport
import Testing

@testable import Pipeline

/// The level without a view of its own: converters work there as they are, and what it cannot hide it refuses.
@Suite(.enabled(if: Machine.hasLandlock, "this kernel has no Landlock"))
struct ConfinementTests {
    @Test(arguments: [["/in/model.obj", "/out/model.obj"], ["--target-directory=/out/.", "/in/model.obj"]])
    func `a tool finds its places though they have other names`(arguments: [String]) async throws {
        try await withLaunchedTool(at: .landlock) { tool in
            let report = await tool.run("/usr/bin/cp", arguments)
            #expect(report.code == 0)
            #expect(Access.sizeOfFile(tool.workspace.out.appending("model.obj")) == Int64(Samples.obj().count))
        }
    }

    @Test func `so does a program of ours`() async throws {
        try await withTemporaryFolder { folder in
            let workspace = Workspace(root: folder.appending("workspace"))
            try workspace.make()
            let script = Script(
                name: "say.sh", bytes: Array("echo \"/out/it\" '/in/it' > '/out/said'\n".utf8), shell: "/bin/sh")
            let tool = Tool(name: "any", programs: [], limit: 1, versionArguments: nil, install: "")
            let call = ToolCall(
                InstalledTool(tool: tool, program: "/usr/bin/true", version: ""), Command([], script: script),
                inputs: .folder(folder.appending("inputs")))
            let report = await Launcher(sandbox: .landlock(), niceness: 0).run(
                call, in: workspace, limits: ToolLimits(timeout: .seconds(300)))
            #expect(report.code == 0)
            let said = try Files.read(workspace.out.appending("said"))
            #expect(String(decoding: said, as: UTF8.self) == "\(workspace.out)/it \(folder)/inputs/it\n")
        }
    }

    @Test func `what it says of its places has the names that converters know`() async throws {
        try await withLaunchedTool(at: .landlock) { tool in
            _ = await tool.shell("pwd; echo $TMPDIR/x; readlink -f ../in/model.obj; ls ../in/none")
            let said = "/out\n/tmp/x\n/in/model.obj\nls: cannot access '../in/none': No such file or directory\n"
            #expect(tool.log == said)
        }
    }

    @Test func `the environment is the same`() async throws {
        try await withLaunchedTool(at: .landlock) { tool in
            _ = await tool.run("/usr/bin/env", [])
            #expect(
                tool.log.split(separator: "\n").sorted() == [
                    "HOME=/tmp", "LC_ALL=C.UTF-8", "PATH=/usr/bin:/bin", "PWD=/out", "TMPDIR=/tmp",
                ])
        }
    }

    @Test(arguments: [
        "echo x > model.obj", "rm -f model.obj", "mv model.obj other", "ln model.obj link", "cat model.obj > made",
        "perl -e 'use Fcntl; sysopen F, q(model.obj), O_RDONLY|O_TRUNC or die'", "truncate -s 0 model.obj",
    ]) func `the input cannot be changed`(script: String) async throws {
        try await withLaunchedTool(at: .landlock) { tool in
            let report = await tool.shell("cd ../in && \(script)")
            #expect(report.code != 0)
            #expect(Access.sizeOfFile(tool.input) == Int64(Samples.obj().count))
        }
    }

    @Test func `modes and times seem to change, and do not`() async throws {
        try await withLaunchedTool(at: .landlock) { tool in
            let report = await tool.shell("chmod 777 ../in/model.obj && touch -d 1999-01-01 ../in/model.obj")
            #expect(report.code == 0)
            var status = stat()
            #expect(stat(tool.input.string, &status) == 0)
            #expect(status.st_mode & 0o777 == 0o600 && status.st_mtim.tv_sec > 1_700_000_000)
        }
    }

    @Test(arguments: ["/", "/etc", "/proc", "/sys", "/home", "/tmp", "/dev"])
    func `folders of the machine cannot be listed`(path: String) async throws {
        try await withLaunchedTool(at: .landlock) { tool in
            let report = await tool.run("/usr/bin/ls", [path])
            #expect(report.code == 2)
        }
    }

    @Test(arguments: ["/usr/made", "/made", "/tmp/made", "/dev/made", "/dev/shm/made", "/var/tmp/made"])
    func `nothing of the machine can be written`(path: String) async throws {
        try await withLaunchedTool(at: .landlock) { tool in
            let report = await tool.shell("echo x > \(path)")
            #expect(report.code != 0)
            #expect(access(path, F_OK) != 0)
        }
    }

    @Test func `what it wrote is not executed`() async throws {
        try await withLaunchedTool(at: .landlock) { tool in
            let report = await tool.shell("cp /usr/bin/true mine && ./mine")
            #expect(report.code == 126)
        }
    }

    @Test(.enabled(if: access("/usr/bin/assimp", X_OK) == 0, "assimp is missing"))
    func `a real tool converts`() async throws {
        try await withLaunchedTool(at: .landlock) { tool in
            let report = await tool.run("/usr/bin/assimp", ["export", "/in/model.obj", "/out/model.stl", "-fstlb"])
            #expect(report.code == 0)
            let names = try Outputs(of: tool.workspace.out).names
            #expect(names == ["model.stl"])
        }
    }
}
