import TestSupport
import Testing

@testable import Persistence

/// What an ending does whose claim no longer holds: nothing.
struct LostClaimTests {
    @Test(arguments: Way.allCases)
    func `a claim that was ended is lost for every later ending`(first: Way) async throws {
        try await withTemporaryStore { store in
            let claim = try await store.claimSample()
            _ = try await store.jobs.finish(claim, as: first.ending(store, claim), run: RunRecord())

            for second in Way.allCases { try await expectLost(claim, second, store) }
        }
    }

    @Test(arguments: Way.allCases)
    func `an older attempt cannot end a newer one`(way: Way) async throws {
        try await withTemporaryStore { store in
            let old = try await store.claimSample()
            _ = try await store.jobs.finish(old, as: .released, run: RunRecord())
            _ = try #require(try await store.jobs.claim("assimp", boot: store.boot))

            try await expectLost(old, way, store)
        }
    }

    @Test(arguments: Way.allCases)
    func `a claim of an earlier life of the server is lost once it was recovered`(way: Way) async throws {
        try await withTemporaryFolder { folder in
            let old = try await withStore(in: folder) { try await $0.claimSample() }
            try await withStore(in: folder) { store in
                try await store.jobs.recover(store.jobs.leftovers(of: store.boot), boot: store.boot)
                try await expectLost(old, way, store)
                _ = try #require(try await store.jobs.claim("assimp", boot: store.boot))
                try await expectLost(old, way, store)
            }
        }
    }

    @Test(arguments: Way.allCases)
    func `one boot cannot end what another has claimed`(way: Way) async throws {
        try await withTemporaryFolder { folder in
            let other = try await withStore(in: folder) { $0.boot }
            try await withStore(in: folder) { store in
                let claim = try await store.claimSample()
                try await store.change(claim.job.id, "claimedBy = '\(other)'")

                try await expectLost(claim, way, store)
            }
        }
    }

    private func expectLost(_ claim: Claim, _ way: Way, _ store: Store) async throws {
        let ending = try await way.ending(store, claim)
        let before = try await store.picture(of: claim.job.id)

        let verdict = try await store.jobs.finish(claim, as: ending, run: RunRecord())

        #expect(verdict == .lost)
        #expect(try await store.picture(of: claim.job.id) == before)
    }
}

/// The ways an attempt can end.
enum Way: CaseIterable {
    case succeeded, advanced, fellBack, postponed, failed, released

    func ending(_ store: Store, _ claim: Claim) async throws -> Ending {
        let failure = Failure(.toolFailed, "It did not work.")
        return switch self {
        case .succeeded: .succeeded(try await store.output(of: claim), warnings: [])
        case .advanced: .advanced(try await store.output(of: claim, role: .intermediate), to: Place(tool: "assimp"))
        case .fellBack: .fellBack(failure, to: Place(choice: 1, tool: "blender"))
        case .postponed: .postponed(failure, after: .zero)
        case .failed: .failed(failure)
        case .released: .released
        }
    }
}
