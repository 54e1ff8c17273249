import Glibc
import Logging
import Persistence
import SystemPackage
import TestSupport
import Testing

@testable import Pipeline

/// What an earlier life of the server left behind is put in order before the next one serves.
struct RecoveryTests {
    @Test func `work and staging are emptied`() async throws {
        try await withTemporaryFolder { folder in
            try await withStore(in: folder) { store in
                let claim = try await store.claimSample()
                try Workspace(of: claim.job.id, attempt: 1, in: store.folder.work).make()
                try touch(store.folder.staging.appending("left"))
            }
            try await recover(folder)
            #expect(try Directory.names(in: folder.appending("work")).isEmpty)
            #expect(try Directory.names(in: folder.appending("staging")).isEmpty)
        }
    }

    @Test func `what an interrupted attempt had stored already is deleted`() async throws {
        try await withTemporaryFolder { folder in
            let (output, log) = try await withStore(in: folder) { store in
                let claim = try await store.claimSample()
                let log = BlobKey.log(of: claim.job.id, attempt: 1)
                _ = try await store.keep("said", for: claim.job.id, as: log)
                return (try await store.output(of: claim).blob.key, log)
            }
            try await recover(folder) { store in
                for key in [output, log] { #expect(access(store.blobs.path(of: key).string, F_OK) != 0) }
            }
        }
    }

    @Test func `an interrupted attempt runs again, its source kept and one crash charged`() async throws {
        try await withTemporaryFolder { folder in
            let job = try await withStore(in: folder) { try await $0.claimSample().job.id }
            try await recover(folder) { store in
                let dossier = try #require(try await store.jobs.dossier(of: job))
                #expect(dossier.job.status == .pending)
                #expect((dossier.job.crashes, dossier.job.failures) == (1, 0))
                #expect(dossier.attempts.map(\.outcome) == [.interrupted])
                let source = try await store.blobs.open(.source(of: job)).readAll()
                #expect(source == Array("o box\n".utf8))
            }
        }
    }

    @Test func `a job that was running when the server died three times fails`() async throws {
        try await withTemporaryFolder { folder in
            let job = try await withStore(in: folder) { try await $0.claimSample().job.id }
            for _ in 0..<2 {
                try await recover(folder) { store in
                    _ = try #require(try await store.jobs.claim("assimp", boot: store.boot))
                }
            }
            try await recover(folder) { store in
                let dossier = try #require(try await store.jobs.dossier(of: job))
                #expect(dossier.job.failure?.code == .interrupted)
                #expect(dossier.attempts.map(\.outcome) == [.interrupted, .interrupted, .interrupted])
            }
        }
    }

    @Test func `an upload that was arriving has failed, and its bytes are gone`() async throws {
        try await withTemporaryFolder { folder in
            let job = try await withStore(in: folder) { store in
                let (job, _) = try await store.jobs.receive(.sample())
                _ = try await store.keep("o box\n", for: job, as: .source(of: job))
                return job
            }
            try await recover(folder) { store in
                let code = try await store.jobs.job(job)?.failure?.code
                #expect(code == .uploadAborted)
                #expect(access(store.blobs.path(of: .source(of: job)).string, F_OK) != 0)
            }
        }
    }

    @Test func `jobs that wait and jobs that have ended stay as they are`() async throws {
        try await withTemporaryFolder { folder in
            let (waiting, ended) = try await withStore(in: folder) { store in
                let claim = try await store.claimSample()
                let output = try await store.output(of: claim)
                _ = try await store.jobs.finish(claim, as: .succeeded(output, warnings: []), run: RunRecord())
                return (try await store.enqueueSample(), claim.job.id)
            }
            try await recover(folder) { store in
                let status = try await store.jobs.job(waiting)?.status
                #expect(status == .pending)
                let result = try await store.jobs.dossier(of: ended)?.artifact(.result)?.blobKey
                let size = try await store.blobs.open(try #require(result)).size
                #expect(size > 0)
            }
        }
    }

    @Test func `recovering twice changes nothing more`() async throws {
        try await withTemporaryFolder { folder in
            let job = try await withStore(in: folder) { try await $0.claimSample().job.id }
            try await recover(folder)
            try await recover(folder) { store in
                let crashes = try await store.jobs.job(job)?.crashes
                #expect(crashes == 1)
            }
        }
    }

    @Test(.enabled(if: Machine.hasSandbox, "\(Machine.withoutSandbox)"))
    func `a job whose server died ends well in the next life`() async throws {
        let forge = FakeTool("assimp", writes: [.glb], does: .makes(Samples.glb()))
        try await withTemporaryFolder { folder in
            let data = folder.appending("data")
            let job = try await withStore(in: data) { store in
                try await store.claimSample(route: [RouteStep(from: "obj", to: "glb", converters: ["assimp"])]).job.id
            }
            try await recover(data) { store in
                let bench = try await Workbench(store, [forge], programs: folder.appending("programs"))
                let dossier = try await bench.working { try await bench.end(of: job) }
                #expect(dossier.attempts.map(\.outcome) == [.interrupted, .succeeded])
            }
        }
    }

    private func touch(_ file: FilePath) throws {
        try FileDescriptor.open(file, .writeOnly, options: .create, permissions: .ownerReadWrite).close()
    }
}

/// Another life of the server on the folder, which recovers first.
func recover(_ folder: FilePath, _ body: (Store) async throws -> Void = { _ in }) async throws {
    try await withStore(in: folder) { store in
        let telemetry = Telemetry(Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await Recovery(store, telemetry).run()
        try await body(store)
    }
}
