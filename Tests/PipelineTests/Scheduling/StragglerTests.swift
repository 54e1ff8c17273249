import Glibc
import Persistence
import SystemPackage
import TestSupport
import Testing

@testable import Pipeline

/// Processes that an earlier life of the server left behind.
struct StragglerTests {
    @Test func `what runs in the work folder is killed`() async throws {
        try await withTemporaryFolder { folder in
            let claim = try await withStore(in: folder) { try await $0.claimSample() }
            let workspace = Workspace(of: claim.job.id, attempt: 1, in: folder.appending("work"))
            try await withProcess("/usr/bin/perl", ["-e", "sleep 1000", workspace.out.string]) { process in
                try await eventually(within: Machine.patience) {
                    Processes.mentioning(workspace.out.string) == [process]
                }
                try await recover(folder)
                #expect(Processes.mentioning(workspace.out.string).isEmpty)
            }
        }
    }

    @Test func `what only looks like it is left alone`() async throws {
        try await withTemporaryFolder { folder in
            _ = try await withStore(in: folder) { try await $0.claimSample() }
            let other = folder.appending("workshop/out").string
            try await withProcess("/usr/bin/perl", ["-e", "sleep 1000", other, "see \(folder)/work/x"]) { process in
                try await eventually(within: Machine.patience) { Processes.mentioning(other) == [process] }
                try await recover(folder)
                #expect(Processes.mentioning(other) == [process])
            }
        }
    }

    @Test func `what runs in the work folder is killed although the folder has another name now`() async throws {
        try await withTemporaryFolder { folder in
            let (old, new) = (folder.appending("old"), folder.appending("new"))
            let claim = try await withStore(in: old) { try await $0.claimSample() }
            let workspace = Workspace(of: claim.job.id, attempt: 1, in: old.appending("work"))
            let line = ["-e", "sleep 1000", workspace.out.string]
            try await withProcess("/usr/bin/perl", line) { process in
                try await eventually(within: Machine.patience) {
                    Processes.mentioning(workspace.out.string) == [process]
                }
                guard rename(old.string, new.string) == 0 else { throw SystemError("rename a folder") }
                try await recover(new)
                #expect(Processes.mentioning(workspace.out.string).isEmpty)
            }
        }
    }

    @Test func `what runs in another server's work folder is left alone, although its attempts have the same names`()
        async throws
    {
        try await withTemporaryFolder { folder in
            let (ours, theirs) = (folder.appending("ours"), folder.appending("theirs"))
            let claim = try await withStore(in: ours) { try await $0.claimSample() }
            let workspace = Workspace(of: claim.job.id, attempt: 1, in: theirs.appending("work"))
            try Directory.make(workspace.out)
            try await withProcess("/usr/bin/perl", ["-e", "sleep 1000", workspace.out.string]) { process in
                try await eventually(within: Machine.patience) {
                    Processes.mentioning(workspace.out.string) == [process]
                }
                try await recover(ours)
                #expect(Processes.mentioning(workspace.out.string) == [process])
            }
        }
    }
}
