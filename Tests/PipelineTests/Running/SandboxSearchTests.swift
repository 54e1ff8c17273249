import Persistence
import SystemPackage
import TestSupport
import Testing

@testable import Pipeline

/// Which level is taken, and what is said of it.
struct SandboxSearchTests {
    @Test(.enabled(if: Machine.hasSandbox, "\(Machine.withoutSandbox)"))
    func `the strongest level that works is taken`() async throws {
        let found = try await choose(.auto)
        #expect(found.level == "bubblewrap" && found.complaint == nil && found.isGood)
    }

    @Test(.enabled(if: Machine.hasLandlock, "this kernel has no Landlock"))
    func `without bubblewrap it is Landlock`() async throws {
        let found = try await choose(.auto, searchPath: "/nowhere")
        #expect(found.level == "landlock" && found.complaint == nil && found.isGood)
    }

    /// As where namespaces are forbidden: it is there, and fails.
    @Test(.enabled(if: Machine.hasLandlock, "this kernel has no Landlock"))
    func `so it is where bubblewrap is not allowed`() async throws {
        try await withTemporaryFolder { folder in
            let refused = FakeTool("bwrap", does: .fails(1, saying: "bwrap: No permissions to create new namespace"))
            _ = try refused.install(in: folder)
            #expect(try await choose(.auto, searchPath: folder.string).level == "landlock")
            let named = try await choose(.bubblewrap, searchPath: folder.string)
            #expect(named.sandbox == nil && named.complaint?.contains("not allowed") == true)
        }
    }

    @Test func `a level that is named and does not work is not replaced`() async throws {
        let found = try await choose(.bubblewrap, searchPath: "/nowhere")
        #expect(found.sandbox == nil && found.level == "none" && !found.isGood)
        #expect(found.complaint?.contains("apt-get install bubblewrap") == true)
    }

    @Test func `no sandbox at all is had by name only, and said`() async throws {
        let found = try await choose(.off)
        #expect(found.level == "off" && !found.isGood)
        #expect(found.complaint == "Tools run without a sandbox: SANDBOX is off.")
    }

    @Test func `without a sandbox a tool still has its limits, and finds its places`() async throws {
        try await withLaunchedTool(at: .off) { tool in
            let report = await tool.run("/usr/bin/cp", ["/in/model.obj", "/out/model.obj"])
            #expect(report.code == 0)
            let names = try Outputs(of: tool.workspace.out).names
            #expect(names == ["model.obj"])
            try tool.workspace.make()
            #expect(await tool.shell("sleep 100", limits: ToolLimits(timeout: .seconds(1))).outcome == .timedOut)
        }
    }

    @Test func `groups are those that the kernel says we are in`() {
        #expect(ControlGroups.memberships("0::/system.slice/kiln.service\n") == ["": "/system.slice/kiln.service"])
        #expect(
            ControlGroups.memberships("12:cpu,cpuacct:/a\n4:memory:/b:c\n0::/\n")
                == ["cpu": "/a", "cpuacct": "/a", "memory": "/b:c", "": "/"])
        #expect(ControlGroups.memberships("nonsense\n").isEmpty)
    }

    private func choose(
        _ choice: Sandbox.Choice, searchPath: String = Machine.searchPath
    ) async throws -> Sandbox.Finding {
        try await withTemporaryFolder { folder in
            let found = await Sandbox.choose(choice, searchPath: searchPath, scratch: folder)
            let left = try Directory.names(in: folder)
            #expect(left.isEmpty)
            return found
        }
    }
}
