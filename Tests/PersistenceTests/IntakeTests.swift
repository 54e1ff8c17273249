import Persistence
import TestSupport
import Testing

/// The way of a job up to `pending`, or to its early end.
struct IntakeTests {
    @Test func `an upload has its row before its bytes have come`() async throws {
        try await withTemporaryStore { store in
            let arrival = Arrival(
                client: "ada", requestId: "request-7", filename: "part.obj", targetFormat: "stl", tag: "blue")
            let (id, load) = try await store.jobs.receive(arrival, now: .noon)

            let job = try #require(try await store.jobs.job(id))
            #expect(load.queued == 1)
            #expect(job.status == .uploading)
            #expect(job.kind == .conversion)
            #expect(
                [job.client, job.requestId, job.sourceFilename, job.targetFormat, job.tag]
                    == ["ada", "request-7", "part.obj", "stl", "blue"])
            #expect([job.createdAt, job.changedAt] == [.noon, .noon])
            #expect(job.route == nil && job.attempt == 0 && job.finishedAt == nil)
        }
    }

    @Test func `receiving tells how many upload or wait, and not how many ran or ended`() async throws {
        try await withTemporaryStore { store in
            _ = try await store.claimSample()
            let (refused, _) = try await store.jobs.receive(.sample())
            try await store.jobs.refuse(refused, Failure(.rejected, "No."))
            _ = try await store.enqueueSample()
            _ = try await store.jobs.receive(.sample())

            #expect(try await store.jobs.receive(.sample()).load.queued == 3)
        }
    }

    @Test func `an accepted upload is pending, with its route and its source`() async throws {
        try await withTemporaryStore { store in
            let (id, _) = try await store.jobs.receive(.sample(), now: .noon)
            let source = try await store.keep("o box\n", for: id, as: .source(of: id))

            let job = try #require(
                try await store.jobs.enqueue(id, .sample(source, route: RouteStep.staged), now: .noon + .seconds(1))?
                    .job)

            #expect(job.status == .pending)
            #expect(job.route == RouteStep.staged)
            #expect(job.converter == "openscad")
            #expect(job.sourceFormat == "scad")
            #expect(job.changedAt == .noon + .seconds(1))
            let kept = try #require(try await store.jobs.dossier(of: id)?.artifact(.source))
            #expect(kept.blobKey == source.key)
            #expect(kept.size == source.size)
            #expect(kept.sha256 == source.sha256)
        }
    }

    @Test func `what was known at the arrival is kept when the acceptance says nothing of it`() async throws {
        try await withTemporaryStore { store in
            let (id, _) = try await store.jobs.receive(Arrival(client: "ada", tag: "blue"))
            let source = try await store.keep("o box\n", for: id, as: .source(of: id))

            #expect(try await store.jobs.enqueue(id, .sample(source))?.job.tag == "blue")
        }
    }

    @Test func `a refused upload is failed, with the reason and with what was known of it`() async throws {
        try await withTemporaryStore { store in
            let (id, _) = try await store.jobs.receive(Arrival(client: "ada", filename: "a.obj"))

            let verdict = try await store.jobs.refuse(
                id, Failure(.rejected, "It is a picture."), sourceFormat: "obj", targetFormat: "glb",
                now: .noon + .seconds(1))

            let job = try #require(try await store.jobs.job(id))
            #expect(verdict == .committed)
            #expect(job.status == .failed)
            #expect(job.failure == Failure(.rejected, "It is a picture."))
            #expect([job.sourceFilename, job.sourceFormat, job.targetFormat] == ["a.obj", "obj", "glb"])
            #expect(job.finishedAt == .noon + .seconds(1))
        }
    }

    @Test(arguments: Status.allCases.filter { $0 != .uploading && $0 != .cancelled })
    func `a job that is no longer uploading is neither enqueued nor refused`(status: Status) async throws {
        try await withTemporaryStore { store in
            let job = try await store.sample(in: status)
            let before = try await store.picture(of: job)
            let source = try await store.keep("o other\n", for: job, as: BlobKey(rawValue: "\(job).other"))

            let accepted = try await store.jobs.enqueue(job, .sample(source))
            let verdict = try await store.jobs.refuse(job, Failure(.uploadAborted, "Gone."))

            #expect(accepted == nil)
            #expect(verdict == .lost)
            #expect(try await store.picture(of: job) == before)
        }
    }

    @Test func `a job that never was is neither enqueued nor refused`() async throws {
        try await withTemporaryStore { store in
            let stranger = Job.ID()
            let source = try await store.keep("o box\n", for: stranger, as: .source(of: stranger))

            let accepted = try await store.jobs.enqueue(stranger, .sample(source))
            let verdict = try await store.jobs.refuse(stranger, Failure(.uploadAborted, "Gone."))

            #expect(accepted == nil)
            #expect(verdict == .lost)
        }
    }
}
