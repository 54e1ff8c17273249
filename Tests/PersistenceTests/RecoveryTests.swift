import Persistence
import SystemPackage
import TestSupport
import Testing

/// What the next life of the server makes of what the last one left in flight.
struct RecoveryTests {
    @Test func `what ran is interrupted, charged one crash, and ready again`() async throws {
        try await withTemporaryFolder { folder in
            let claim = try await withStore(in: folder) { try await $0.claimSample() }
            try await withStore(in: folder) { store in
                let leftovers = try await recover(store, now: .noon + .seconds(5))

                let dossier = try #require(try await store.jobs.dossier(of: claim.job.id))
                #expect(leftovers.attempts.map(\.job) == [claim.job.id])
                #expect(leftovers.attempts.map(\.number) == [1])
                #expect(dossier.job.status == .pending)
                #expect([dossier.job.crashes, dossier.job.failures, dossier.job.attempt] == [1, 0, 1])
                #expect(dossier.job.claimedBy == nil && dossier.job.dueAt == nil)
                #expect(dossier.attempts.map(\.outcome) == [.interrupted])
                #expect(dossier.attempts.map(\.finishedAt) == [.noon + .seconds(5)])
                #expect(try await store.jobs.claim("assimp", boot: store.boot)?.number == 2)
            }
        }
    }

    @Test func `a recovered job goes on at the step it had reached`() async throws {
        try await withTemporaryFolder { folder in
            let (job, made) = try await withStore(in: folder) { store in
                let first = try await store.claimSample(route: RouteStep.staged, tool: "openscad")
                let made = try await store.output(of: first, role: .intermediate, format: "stl")
                try await store.finish(first, as: .advanced(made, to: Place(tool: "assimp")))
                return (try await store.claim("assimp").job.id, made.blob.key)
            }
            try await withStore(in: folder) { store in
                try await recover(store)

                let claim = try await store.claim("assimp")
                #expect(claim.job.id == job)
                #expect(claim.job.step == 1)
                #expect(claim.source.blobKey == made)
            }
        }
    }

    @Test func `a job that runs whenever the server dies fails at the crash limit`() async throws {
        try await withTemporaryFolder { folder in
            let job = try await withStore(in: folder) { try await $0.enqueueSample() }
            for crash in 1...JobStore.crashLimit {
                try await withStore(in: folder) { store in _ = try await store.claim("assimp") }
                try await withStore(in: folder) { store in
                    try await recover(store)
                    let row = try #require(try await store.jobs.job(job))
                    #expect(row.crashes == crash)
                    #expect(row.status == (crash < JobStore.crashLimit ? .pending : .failed))
                }
            }
            try await withStore(in: folder) { store in
                let dossier = try #require(try await store.jobs.dossier(of: job))
                #expect(dossier.job.failure?.code == .interrupted)
                #expect(dossier.job.finishedAt != nil)
                #expect(dossier.attempts.allSatisfy { $0.outcome == .interrupted })
            }
        }
    }

    @Test func `an upload that was arriving has failed`() async throws {
        try await withTemporaryFolder { folder in
            let job = try await withStore(in: folder) { try await $0.jobs.receive(.sample()).job }
            try await withStore(in: folder) { store in
                let leftovers = try await recover(store, now: .noon + .seconds(5))

                let row = try #require(try await store.jobs.job(job))
                #expect(leftovers.uploads == [job])
                #expect(row.status == .failed)
                #expect(row.failure?.code == .uploadAborted)
                #expect(row.finishedAt == .noon + .seconds(5))
            }
        }
    }

    @Test func `what waited and what had ended is left alone`() async throws {
        try await withTemporaryFolder { folder in
            let (jobs, before) = try await withStore(in: folder) { store in
                var jobs: [Job.ID] = []
                for status in [Status.succeeded, .failed, .pending] { jobs.append(try await store.sample(in: status)) }
                return (jobs, try await pictures(of: jobs, store))
            }
            try await withStore(in: folder) { store in
                let leftovers = try await recover(store)

                #expect(leftovers.attempts.isEmpty && leftovers.uploads.isEmpty)
                #expect(try await pictures(of: jobs, store) == before)
            }
        }
    }

    @Test func `what runs under the present boot is left alone`() async throws {
        try await withTemporaryStore { store in
            let claim = try await store.claimSample()
            let before = try await store.picture(of: claim.job.id)

            let leftovers = try await recover(store)

            #expect(leftovers.attempts.isEmpty)
            #expect(try await store.picture(of: claim.job.id) == before)
        }
    }

    @Test func `recovering twice changes nothing more`() async throws {
        try await withTemporaryFolder { folder in
            let jobs = try await withStore(in: folder) { store in
                [try await store.sample(in: .running), try await store.sample(in: .uploading)]
            }
            try await withStore(in: folder) { store in
                let leftovers = try await recover(store)
                let before = try await pictures(of: jobs, store)

                try await store.jobs.recover(leftovers, boot: store.boot)
                try await recover(store)

                #expect(try await pictures(of: jobs, store) == before)
            }
        }
    }

    @Test func `recovering late does not take what was claimed anew meanwhile`() async throws {
        try await withTemporaryFolder { folder in
            let job = try await withStore(in: folder) { try await $0.claimSample().job.id }
            try await withStore(in: folder) { store in
                let leftovers = try await recover(store)
                _ = try await store.claim("assimp")
                let before = try await store.picture(of: job)

                try await store.jobs.recover(leftovers, boot: store.boot)

                #expect(try await store.picture(of: job) == before)
            }
        }
    }

    @Test func `looking for leftovers changes nothing`() async throws {
        try await withTemporaryFolder { folder in
            let job = try await withStore(in: folder) { try await $0.claimSample().job.id }
            try await withStore(in: folder) { store in
                let before = try await store.picture(of: job)
                _ = try await store.jobs.leftovers(of: store.boot)
                #expect(try await store.picture(of: job) == before)
            }
        }
    }

    @Test func `recovery tells in the audit trail what it did and why`() async throws {
        try await withTemporaryFolder { folder in
            let (running, uploading) = try await withStore(in: folder) { store in
                (try await store.sample(in: .running), try await store.sample(in: .uploading))
            }
            try await withStore(in: folder) { store in
                try await recover(store)

                let crash = try #require(try await store.jobs.events(of: running).last)
                let abort = try #require(try await store.jobs.events(of: uploading).last)
                #expect([crash.fromStatus, crash.toStatus] == [.running, .pending])
                #expect(crash.attempt == 1 && crash.reason == "crash")
                #expect([abort.fromStatus, abort.toStatus] == [.uploading, .failed])
                #expect(abort.reason == "uploadAborted")
            }
        }
    }

    @Test func `a step that is done clears the crashes during it`() async throws {
        try await withTemporaryFolder { folder in
            try await withStore(in: folder) { store in
                _ = try await store.claimSample(route: RouteStep.staged, tool: "openscad")
            }
            try await withStore(in: folder) { store in
                try await recover(store)
                let claim = try await store.claim("openscad")
                #expect(claim.job.crashes == 1)
                let made = try await store.output(of: claim, role: .intermediate, format: "stl")
                try await store.finish(claim, as: .advanced(made, to: Place(tool: "assimp")))

                #expect(try await store.claim("assimp").job.crashes == 0)
            }
        }
    }

    @discardableResult
    private func recover(_ store: Store, now: Instant = .noon) async throws -> Leftovers {
        let leftovers = try await store.jobs.leftovers(of: store.boot)
        try await store.jobs.recover(leftovers, boot: store.boot, now: now)
        return leftovers
    }

    private func pictures(of jobs: [Job.ID], _ store: Store) async throws -> [String] {
        var pictures: [String] = []
        for job in jobs { pictures.append(try await store.picture(of: job)) }
        return pictures
    }
}
