import Persistence
import TestSupport
import Testing

struct FinishTests {
    @Test func `success commits the job, its attempt and its result together`() async throws {
        try await withTemporaryStore { store in
            let claim = try await store.claimSample()
            let output = try await store.output(of: claim)

            let verdict = try await store.jobs.finish(
                claim, as: .succeeded(output, warnings: ["No normals."]), run: record, now: .noon + .seconds(9))

            let dossier = try #require(try await store.jobs.dossier(of: claim.job.id))
            #expect(verdict == .committed)
            #expect(dossier.job.status == .succeeded)
            #expect(dossier.job.finishedAt == .noon + .seconds(9))
            #expect(dossier.job.claimedBy == nil)
            #expect(dossier.job.warnings == ["No normals."])
            #expect(dossier.attempts.map(\.outcome) == [.succeeded])
            #expect(dossier.artifact(.result)?.blobKey == output.blob.key)
            #expect(dossier.artifact(.result)?.verifiedBy == "kiln")
        }
    }

    @Test func `the attempt's row remembers the run`() async throws {
        try await withTemporaryStore { store in
            let claim = try await store.claimSample()

            _ = try await store.jobs.finish(
                claim, as: .failed(Failure(.crashed, "It crashed.")), run: record, now: .noon + .seconds(9))

            let attempt = try #require(try await store.jobs.dossier(of: claim.job.id)?.attempts.first)
            #expect(attempt.toolVersion == "5.2.5")
            #expect(attempt.arguments == ["assimp", "export", "in.obj", "out.glb"])
            #expect([attempt.exitCode, attempt.signal] == [0, 11])
            #expect(attempt.cpuSeconds == 0.25)
            #expect(attempt.peakMemoryBytes == 5_000_000_000)
            #expect(attempt.failure == Failure(.crashed, "It crashed."))
            #expect(attempt.finishedAt == .noon + .seconds(9))
        }
    }

    @Test func `what the tool said is kept, whatever the ending`() async throws {
        try await withTemporaryStore { store in
            let claim = try await store.claimSample()
            let key = BlobKey.log(of: claim.job.id, attempt: claim.number)
            var record = record
            record.log = NewArtifact(role: .log, blob: try await store.keep("Ouch.\n", for: claim.job.id, as: key))

            _ = try await store.jobs.finish(claim, as: .failed(Failure(.crashed, "It crashed.")), run: record)

            #expect(try await store.jobs.dossier(of: claim.job.id)?.artifact(.log)?.blobKey == key)
        }
    }

    @Test func `an ending that cannot be written whole is not written at all`() async throws {
        try await withTemporaryStore { store in
            let claim = try await store.claimSample()
            let before = try await store.picture(of: claim.job.id)
            // The source's key is taken: the row of the result cannot be inserted.
            let source = BlobKey.source(of: claim.job.id)
            let blob = try await store.keep("o other\n", for: claim.job.id, as: source)
            let impossible = NewArtifact(role: .result, blob: blob)

            await #expect(throws: (any Error).self) {
                try await store.jobs.finish(claim, as: .succeeded(impossible, warnings: []), run: RunRecord())
            }

            #expect(try await store.picture(of: claim.job.id) == before)
        }
    }

    @Test func `failure ends the job with the code and the sentence`() async throws {
        try await withTemporaryStore { store in
            let claim = try await store.claimSample()

            _ = try await store.jobs.finish(
                claim, as: .failed(Failure(.timedOut, "It took too long.")), run: RunRecord())

            let job = try #require(try await store.jobs.job(claim.job.id))
            #expect(job.status == .failed)
            #expect(job.failure == Failure(.timedOut, "It took too long."))
            #expect(job.failures == 1)
            #expect(job.finishedAt != nil && job.claimedBy == nil)
        }
    }

    @Test func `after a step, the next one starts from the intermediate file with a clean slate`() async throws {
        try await withTemporaryStore { store in
            let first = try await store.claimSample(route: RouteStep.staged, tool: "openscad")
            let made = try await store.output(of: first, role: .intermediate, format: "stl")

            _ = try await store.jobs.finish(first, as: .advanced(made, to: Place(tool: "assimp")), run: RunRecord())

            let next = try #require(try await store.jobs.claim("assimp", boot: store.boot))
            #expect(next.job.id == first.job.id)
            #expect(next.number == 2)
            #expect([next.job.step, next.job.choice, next.job.failures, next.job.crashes] == [1, 0, 0, 0])
            #expect(next.job.converter == "assimp")
            #expect(next.source.blobKey == made.blob.key)
            #expect(next.job.startedAt == first.job.startedAt)
        }
    }

    @Test func `falling back hands the same step and the same file to the next converter`() async throws {
        try await withTemporaryStore { store in
            let first = try await store.claimSample()

            _ = try await store.jobs.finish(
                first, as: .fellBack(Failure(.crashed, "It crashed."), to: Place(choice: 1, tool: "blender")),
                run: RunRecord())

            let next = try #require(try await store.jobs.claim("blender", boot: store.boot))
            let attempts = try #require(try await store.jobs.dossier(of: first.job.id)?.attempts)
            #expect([next.job.step, next.job.choice, next.job.failures] == [0, 1, 0])
            #expect(next.job.converter == "blender")
            #expect(next.job.failure == nil)
            #expect(next.source.blobKey == first.source.blobKey)
            #expect(attempts.map(\.outcome) == [.failed, .running])
            #expect(attempts.map(\.converter) == ["assimp", "blender"])
        }
    }

    @Test func `falling back in a later step keeps what the steps before it made`() async throws {
        try await withTemporaryStore { store in
            let first = try await store.claimSample(route: RouteStep.staged, tool: "openscad")
            let made = try await store.output(of: first, role: .intermediate, format: "stl")
            _ = try await store.jobs.finish(first, as: .advanced(made, to: Place(tool: "assimp")), run: RunRecord())
            let second = try #require(try await store.jobs.claim("assimp", boot: store.boot))

            _ = try await store.jobs.finish(
                second, as: .fellBack(Failure(.crashed, "It crashed."), to: Place(choice: 1, tool: "blender")),
                run: RunRecord())

            let third = try #require(try await store.jobs.claim("blender", boot: store.boot))
            #expect([third.job.step, third.job.choice] == [1, 1])
            #expect(third.source.blobKey == made.blob.key)
        }
    }

    @Test func `a polite stop charges nothing and the step runs again`() async throws {
        try await withTemporaryStore { store in
            let first = try await store.claimSample()

            _ = try await store.jobs.finish(first, as: .released, run: RunRecord())

            let next = try #require(try await store.jobs.claim("assimp", boot: store.boot))
            let attempts = try #require(try await store.jobs.dossier(of: first.job.id)?.attempts)
            #expect([next.job.step, next.job.choice, next.job.failures, next.job.crashes] == [0, 0, 0, 0])
            #expect(next.number == 2)
            #expect(attempts.map(\.outcome) == [.interrupted, .running])
        }
    }

    private var record: RunRecord {
        var record = RunRecord()
        record.toolVersion = "5.2.5"
        record.arguments = ["assimp", "export", "in.obj", "out.glb"]
        (record.exitCode, record.signal) = (0, 11)
        (record.cpuSeconds, record.peakMemoryBytes) = (0.25, 5_000_000_000)
        return record
    }
}
