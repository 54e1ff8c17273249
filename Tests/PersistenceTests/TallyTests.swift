import GRDB
import TestSupport
import Testing

@testable import Persistence

@Suite(.timeLimit(.minutes(5)))
struct TallyTests {
    @Test(arguments: [1, 20_260_615])
    func `after 500 transitions at random the tally is what counting gives`(seed: UInt64) async throws {
        try await withTemporaryStore { store in
            var walk = RandomWalk(store, seed: seed)
            for _ in 0..<500 { try await walk.step() }

            let counted = try await counts(store, "SELECT status, count(*) FROM job GROUP BY status")
            let tallied = try await store.jobs.census().filter { $0.value != 0 }

            #expect(Dictionary(uniqueKeysWithValues: tallied.map { ($0.key.rawValue, $0.value) }) == counted)
            #expect(counted.count >= 5)
        }
    }

    @Test func `after a walk at random every transition has its event, each beginning where the last one ended`()
        async throws
    {
        try await withTemporaryStore { store in
            var walk = RandomWalk(store, seed: 7)
            for _ in 0..<500 { try await walk.step() }

            let total = try await counts(store, "SELECT 'all', count(*) FROM event WHERE subjectKind = 'job'")
            #expect(total["all"] == 500)
            for dossier in try await store.jobs.history(limit: 1000) {
                let events = try await store.jobs.events(of: dossier.job.id)
                #expect(events.dropFirst().map(\.fromStatus) == events.dropLast().map(\.toStatus))
                #expect(events.last?.toStatus == dossier.job.status)
            }
        }
    }

    @Test func `attempts are tallied by converter and outcome once they have ended`() async throws {
        try await withTemporaryStore { store in
            _ = try await store.sample(in: .succeeded)
            _ = try await store.sample(in: .failed)
            _ = try await store.sample(in: .failed)
            _ = try await store.sample(in: .running)

            let tallied = try await counts(store, "SELECT label, value FROM tally WHERE name = 'attempts'")

            #expect(tallied == ["assimp succeeded": 1, "assimp failed": 2])
        }
    }

    private func counts(_ store: Store, _ sql: String) async throws -> [String: Int] {
        try await store.jobs.reader.read { database in
            try Row.fetchAll(database, sql: sql).reduce(into: [:]) { $0[$1[0]] = $1[1] }
        }
    }
}

/// Transitions at random, the same for the same seed. Every step is one transition.
private struct RandomWalk {
    private let store: Store
    private var uploads: [Job.ID] = []
    private var claims: [Claim] = []
    private var random: SeededRandom

    init(_ store: Store, seed: UInt64) {
        self.store = store
        random = SeededRandom(seed: seed)
    }

    mutating func step() async throws {
        switch random.next(upperBound: 4 as UInt64) {
        case 0: uploads.append(try await store.jobs.receive(.sample()).job)
        case 1 where !uploads.isEmpty:
            try await settle(uploads.remove(at: .random(in: uploads.indices, using: &random)))
        case 2 where !claims.isEmpty: try await end(claims.remove(at: .random(in: claims.indices, using: &random)))
        case _: try await claim()
        }
    }

    private mutating func settle(_ upload: Job.ID) async throws {
        if Int.random(in: 0..<4, using: &random) == 0 {
            try await store.jobs.refuse(upload, Failure(.rejected, "No."))
        } else {
            let source = try await store.keep("o box\n", for: upload, as: .source(of: upload))
            _ = try await store.jobs.enqueue(upload, .sample(source, route: RouteStep.staged))
        }
    }

    private mutating func claim() async throws {
        if let claim = try await store.jobs.claim("assimp", boot: store.boot) {
            claims.append(claim)
        } else {
            uploads.append(try await store.jobs.receive(.sample()).job)
        }
    }

    /// The walk's jobs may advance beyond their route: rows do not mind.
    private mutating func end(_ claim: Claim) async throws {
        guard let way = Way.allCases.randomElement(using: &random) else { return }
        let ending: Ending
        switch way {
        case .fellBack: ending = .fellBack(Failure(.crashed, "It crashed."), to: Place(choice: 1, tool: "assimp"))
        default: ending = try await way.ending(store, claim)
        }
        try await store.finish(claim, as: ending)
    }
}
