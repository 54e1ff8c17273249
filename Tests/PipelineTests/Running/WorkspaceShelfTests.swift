import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import Persistence
@testable import Pipeline

/// Workspaces that are used again: only those in which a tool has left nothing to the next one.
@Suite(.enabled(if: Machine.hasSandbox, "\(Machine.withoutSandbox)"), .timeLimit(.minutes(5)))
struct WorkspaceShelfTests {
    private static let works = FakeBehaviour.makes(Samples.stl())

    private func spares(_ bench: Workbench) throws -> [String] {
        try Directory.names(in: bench.store.folder.spares)
    }

    /// With a tool that does not live below `/tmp`: the place where it is shown would be made in the scratch.
    private func run(_ behaviour: FakeBehaviour, _ body: (Workbench) async throws -> Void) async throws {
        try await withTemporaryFolder(below: "/var/tmp") { programs in
            try await withTemporaryStore { store in
                let bench = try await Workbench(store, [FakeTool("forge", does: behaviour)], programs: programs)
                try await bench.working { try await body(bench) }
            }
        }
    }

    @Test func `a workspace is used again after a run that ended well`() async throws {
        try await run(Self.works) { bench in
            for _ in 0..<3 {
                let job = try await bench.convert().job
                #expect(job.status == .succeeded)
                #expect(try spares(bench).count == 1)
            }
        }
    }

    @Test(arguments: [
        "touch /tmp/file", "mkdir /tmp/folder", "ln -s /etc/passwd /tmp/link", "chmod 0755 /tmp", "chmod 0755 /out",
        "i=0; while [ $i -lt 3000 ]; do : > /tmp/a-name-that-takes-room-in-the-folder-$i; i=$((i+1)); done; rm /tmp/*",
        "touch /out/another",
    ])
    func `a workspace that a tool has left its marks on is not used again`(mark: String) async throws {
        try await run(FakeBehaviour(mark).then(Self.works)) { bench in
            let job = try await bench.convert().job
            #expect(job.status == .succeeded)
            #expect(try spares(bench) == [])
            #expect(try Directory.names(in: bench.store.folder.work) == [])
        }
    }

    @Test func `one with extended attributes is not used again`() async throws {
        let mark = FakeBehaviour(#"python3 -c 'import os; os.setxattr("/tmp", "user.note", b"psst")' || exit 1"#)
        try await run(mark.then(Self.works)) { bench in
            // Where there is no Python, or the file system has no attributes, the tool says so.
            let job = try await bench.convert().job
            if job.status == .succeeded { #expect(try spares(bench) == []) }
        }
    }

    @Test func `its times tell nothing of the run before`() async throws {
        let mark = FakeBehaviour("touch -d 2001-01-01 /tmp /out")
        try await run(mark.then(Self.works)) { bench in
            let job = try await bench.convert().job
            #expect(job.status == .succeeded)
            let spare = bench.store.folder.spares.appending(try #require(try spares(bench).first))
            for folder in ["out", "tmp"] {
                let age = Instant.now - Access.modification(of: spare.appending(folder))
                #expect(age < .seconds(3600))
            }
        }
    }

    @Test(arguments: [FakeBehaviour.fails(1), .dies(of: "SEGV")])
    func `one of a run that failed is not used again`(behaviour: FakeBehaviour) async throws {
        try await run(behaviour) { bench in
            _ = try await bench.convert()
            #expect(try spares(bench) == [])
        }
    }

    @Test func `no more are kept than may be needed`() async throws {
        try await withTemporaryFolder { folder in
            let shelf = WorkspaceShelf(in: folder.appending("spares"), most: 2)
            for name in ["spares", "work"] { try Directory.make(folder.appending(name)) }
            let workspaces = (0..<3).map {
                Workspace(of: Job.ID(), attempt: $0, in: folder.appending("work"), from: shelf)
            }
            for workspace in workspaces { try workspace.make() }

            workspaces.forEach { $0.giveBack() }

            #expect(try Directory.names(in: folder.appending("spares")).count == 2)
            #expect(try Directory.names(in: folder.appending("work")) == [])
        }
    }
}
