import Glibc
import Persistence
import SystemPackage
import TestSupport
import Testing

@testable import Pipeline

/// Which tools are found on a machine, and what is said of the others.
@Suite(.enabled(if: Machine.hasSandbox, "\(Machine.withoutSandbox)"))
struct ToolboxTests {
    @Test func `a tool on the search path is found, and tells its version`() async throws {
        try await withTemporaryFolder { folder in
            let program = try fake(.doesNothing).install(in: folder)
            let tool = try #require(await toolbox(folder, searchPath: "/nowhere:\(folder)").tools.first)
            #expect(tool.program == program)
            #expect(tool.version == "1.2.3")
        }
    }

    @Test func `a path that is given goes before the search path`() async throws {
        try await withTemporaryFolder { folder in
            _ = try fake(.doesNothing).install(in: folder.appending("one"))
            let program = try fake(.doesNothing).install(in: folder.appending("other"))
            let toolbox = await toolbox(
                folder, paths: ["fake": program.string], searchPath: folder.appending("one").string)
            #expect(toolbox.tools.first?.program == program)
        }
    }

    @Test func `where the given path is wrong the search path does not step in`() async throws {
        try await withTemporaryFolder { folder in
            _ = try fake(.doesNothing).install(in: folder)
            let toolbox = await toolbox(folder, paths: ["fake": "/nowhere/fake"], searchPath: folder.string)
            #expect(toolbox.tools.isEmpty)
            #expect(missing(toolbox) == "There is no program at /nowhere/fake.")
        }
    }

    @Test func `a tool that is missing comes with the way to get it`() async throws {
        try await withTemporaryFolder { folder in
            let missing = missing(await toolbox(folder, searchPath: "/nowhere"))
            #expect(missing == "It was not found. To install it: apt-get install fake")
        }
    }

    @Test func `a file that may not be executed is no tool`() async throws {
        try await withTemporaryFolder { folder in
            let program = try fake(.doesNothing).install(in: folder)
            try #require(chmod(program.string, 0o600) == 0)
            #expect(await toolbox(folder, searchPath: folder.string).tools.isEmpty)
        }
    }

    @Test func `a tool that does not start in the sandbox is missing, with the reason`() async throws {
        try await withTemporaryFolder { folder in
            let program = folder.appending("fake")
            let file = try FileDescriptor.open(
                program, .writeOnly, options: .create, permissions: [.ownerReadWriteExecute])
            try file.closeAfter { _ = try file.writeAll("#!/bin/sh\nexit 3\n".utf8) }
            let missing = missing(await toolbox(folder, searchPath: folder.string))
            #expect(missing == "It was found but does not start: it ended with exit code 3.")
        }
    }

    @Test func `without a sandbox every tool is missing, with the reason`() async throws {
        try await withTemporaryFolder { folder in
            _ = try fake(.doesNothing).install(in: folder)
            let missing = missing(await toolbox(folder, searchPath: folder.string, sandbox: nil))
            #expect(missing == "It was found but does not start: the sandbox could not be set up.")
        }
    }

    @Test func `converters of one tool share it`() async throws {
        try await withTemporaryFolder { folder in
            let fake = fake(.doesNothing)
            _ = try fake.install(in: folder)
            let other = Converter(name: "other", tool: fake.converter.tool, reads: [.stl], writes: [.glb]) { _ in
                Command()
            }
            let toolbox = await toolbox(folder, [fake.converter, other], searchPath: folder.string)
            #expect(toolbox.entries.map(\.converter.name) == ["fake", "other"])
            #expect(toolbox.tools.map(\.tool.name) == ["fake"])
        }
    }

    @Test func `routes are planned over installed tools only`() async throws {
        try await withTemporaryFolder { folder in
            _ = try fake(.doesNothing).install(in: folder)
            let gone = FakeTool("gone", reads: [.obj], writes: [.glb], does: .doesNothing)
            let toolbox = await toolbox(
                folder, [fake(.doesNothing).converter, gone.converter], searchPath: folder.string)
            #expect(Catalogue(toolbox).planner.targets(of: .obj).map(\.format) == [.stl])
        }
    }

    @Test(arguments: [
        ("fake 1.2.3", "1.2.3"), ("Version 5.2 (GIT commit 0, flags 0)", "5.2"),
        ("OpenSCAD version 2021.01\n", "2021.01"),
        ("Since 2010. Version 3.4.", "3.4"), ("v0.18", "0.18"), ("no number 7", nil), ("", nil), ("...", nil),
    ]) func `the version is the first number with a dot`(text: String, version: String?) {
        #expect(VersionNumber.first(in: text) == version)
    }

    private func fake(_ behaviour: FakeBehaviour) -> FakeTool { FakeTool("fake", does: behaviour) }

    private func toolbox(
        _ folder: FilePath, _ converters: [Converter]? = nil, paths: [String: String] = [:], searchPath: String,
        sandbox: Sandbox? = Sandbox.find(searchPath: Machine.searchPath)
    ) async -> Toolbox {
        let search = ToolSearch(
            paths: paths, searchPath: searchPath, launcher: Launcher(sandbox: sandbox, niceness: 0),
            scratch: folder.appending("work"))
        return await search.find(converters ?? [fake(.doesNothing).converter])
    }

    private func missing(_ toolbox: Toolbox) -> String? {
        toolbox.entries.first?.reason
    }
}
