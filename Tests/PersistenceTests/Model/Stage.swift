import GRDB
import SystemPackage
import TestSupport

@testable import Persistence

/// The database that the steps are taken in, and how each of them is one of the store's verbs.
struct Stage {
    let firstBoot = Boot.ID(at: .noon)
    private let database: DatabaseQueue
    private let jobs: JobStore

    init() async throws {
        database = try DatabaseQueue()
        try await database.writeWithoutTransaction { try Schema.migrate($0) }
        // There is none, nor a disk that could be full.
        let ballast = Ballast(file: "/dev/null/ballast")
        jobs = JobStore(writer: Writer(pool: database, ballast: ballast), reader: Readers(database))
        try await jobs.begin(firstBoot, version: "model", now: .noon)
    }

    func rows() async throws -> Rows {
        try await database.read { try Rows($0) }
    }

    /// Of rows, since the beginning.
    func changes() async throws -> Int {
        try await database.read(\.totalChangesCount)
    }

    func snapshot() async throws -> Snapshot {
        try await database.read { try Snapshot(of: $0) }
    }

    /// Returns the newest number of the audit trail.
    func restore(_ snapshot: Snapshot) async throws -> Int {
        try await database.writeWithoutTransaction { database in
            try snapshot.restore(in: database)
            return try Int.fetchOne(database.cachedStatement(sql: "SELECT max(id) FROM event")) ?? 0
        }
    }

    /// The jobs that the audit trail says have ended since then.
    func ends(since event: Int) async throws -> [String] {
        try await database.read { database in
            try String.fetchAll(
                database.cachedStatement(
                    sql: """
                        SELECT subjectId FROM event WHERE id > :event AND subjectKind = 'job'
                           AND toStatus IN ('succeeded', 'failed', 'cancelled')
                        """), arguments: ["event": event])
        }
    }

    /// What somebody who lost his claim tries.
    func haunt(_ ghost: Claim) async throws -> Verdict {
        try await jobs.finish(
            ghost, as: .succeeded(output(of: ghost, .result), warnings: []), run: RunRecord(), now: .noon)
    }

    /// Whether anything has happened.
    func take(_ step: Step, _ world: inout World, _ rows: Rows) async throws -> Bool {
        switch step {
        case .receive, .breakOff, .accept, .cancel, .retry: try await ask(step, &world, rows)
        case .claim(let worker, let tool): try await claim(tool, worker, &world, rows)
        case .finish(let worker, let how): try await finish(worker, how, &world, rows)
        case .promote, .crash, .start, .stop: try await turn(step, &world, rows)
        }
    }

    /// What clients do.
    private func ask(_ step: Step, _ world: inout World, _ rows: Rows) async throws -> Bool {
        guard world.phase == .serving else { return false }
        switch step {
        case .receive(let number) where world.jobs[number] == nil && (number == 0 || world.jobs[number - 1] != nil):
            world.jobs[number] = try await jobs.receive(Arrival(client: "client \(number)"), now: .noon).job
            return true
        case .breakOff(let number):
            guard let job = world.jobs[number], rows[job]?.job.status == .uploading else { return false }
            return try await jobs.refuse(job, Failure(.uploadAborted, "It broke off."), now: .noon) == .committed
        case .accept(let number):
            guard let job = world.jobs[number], rows[job]?.job.status == .uploading else { return false }
            let isTaken = try await jobs.enqueue(job, acceptance(number, job), now: .noon) != nil
            if isTaken { world.acknowledged.insert(number) }
            return isTaken
        case .cancel(let number):
            guard let job = world.jobs[number], world.left.cancels > 0 else { return false }
            world.left.cancels -= 1
            return try await jobs.cancel(job, requestId: nil, now: .noon) == .committed
        case .retry(let number):
            guard let job = world.jobs[number].flatMap({ rows[$0]?.job }), job.isRetryable, world.left.retries > 0,
                let source = try await jobs.dossier(of: job.id)?.artifact(.source)
            else { return false }
            world.left.retries -= 1
            let request = RetryRequest(
                original: job, source: source, route: RouteStep.direct, tool: "assimp", requestId: nil)
            world.jobs[2] = try await jobs.retry(request, now: .noon)?.job.id
            world.acknowledged.insert(2)
            return true
        default: return false
        }
    }

    private func acceptance(_ number: Int, _ job: Job.ID) -> Acceptance {
        let source = StoredBlob(key: .source(of: job), size: 1, sha256: "")
        return number == 0
            ? .sample(source, route: RouteStep.staged, tool: "openscad") : .sample(source, tool: "assimp")
    }

    private func claim(_ tool: String, _ worker: Int, _ world: inout World, _ rows: Rows) async throws -> Bool {
        // Workers are alike: the second has its turn when the first is busy.
        guard world.phase == .serving, world.hands[worker] == nil, worker == 0 || world.hands[0] != nil,
            rows.jobs.contains(where: { $0.job.status == .pending && $0.job.tool == tool && $0.job.dueAt == nil }),
            let claim = try await jobs.claim(tool, boot: world.boot, now: .noon)
        else { return false }
        world.hands[worker] = claim
        return true
    }

    private func finish(_ worker: Int, _ how: Step.How, _ world: inout World, _ rows: Rows) async throws -> Bool {
        guard world.phase != .down, let claim = world.hands[worker] else { return false }
        let holds = rows.holds(claim)
        guard holds ? isPossible(how, claim, world) : how == .succeed else { return false }
        if how == .postpone { world.left.postponements -= 1 }
        let verdict = try await jobs.finish(claim, as: ending(how, claim), run: RunRecord(), now: .noon)
        guard (verdict == .committed) == holds else { throw WrongVerdict() }
        world.letGo(worker)
        return true
    }

    private func isPossible(_ how: Step.How, _ claim: Claim, _ world: World) -> Bool {
        let steps = claim.job.route?.count ?? 0
        return switch how {
        case .succeed: claim.job.step + 1 == steps
        case .advance: claim.job.step + 1 < steps
        case .fallBack: world.left.fallsBack && claim.job.choice + 1 < claim.job.currentStep?.converters.count ?? 0
        case .postpone: world.left.postponements > 0
        case .fail: true
        case .release: world.phase == .stopping
        }
    }

    private func ending(_ how: Step.How, _ claim: Claim) -> Ending {
        let failure = Failure(.timedOut, "It took too long.")
        return switch how {
        case .succeed: .succeeded(output(of: claim, .result), warnings: [])
        case .advance: .advanced(output(of: claim, .intermediate), to: Place(tool: "assimp"))
        case .fallBack: .fellBack(failure, to: Place(choice: claim.job.choice + 1, tool: "blender"))
        case .postpone: .postponed(failure, after: .seconds(1))
        case .fail: .failed(failure)
        case .release: .released
        }
    }

    private func output(of claim: Claim, _ role: Artifact.Role) -> NewArtifact {
        let key = BlobKey.output(of: claim.job.id, attempt: claim.number)
        return NewArtifact(role: role, blob: StoredBlob(key: key, size: 1, sha256: ""), format: "glb")
    }

    /// What becomes of the server, and of the time.
    private func turn(_ step: Step, _ world: inout World, _ rows: Rows) async throws -> Bool {
        switch step {
        case .promote where world.phase == .serving && rows.jobs.contains { $0.job.dueAt != nil }:
            _ = try await jobs.promote(longest: .seconds(60), now: .noon + .seconds(1))
        case .crash where world.phase != .down && world.left.crashes > 0:
            world.left.crashes -= 1
            for worker in world.hands.indices { world.letGo(worker) }
            world.phase = .down
        case .stop where world.phase == .serving && world.left.stops > 0:
            world.left.stops -= 1
            world.phase = .stopping
        case .stop where world.phase == .stopping && world.hands.allSatisfy { $0 == nil }:
            try await jobs.end(world.boot, now: .noon)
            world.phase = .down
        case .start(let start) where world.phase == .down:
            world.boot = Boot.ID(at: .noon)
            try await jobs.begin(world.boot, version: "model", now: .noon)
            let leftovers = try await jobs.leftovers(of: world.boot)
            guard start == .recovers else { return true }
            try await jobs.recover(leftovers, boot: world.boot, now: .noon)
            world.phase = .serving
        default: return false
        }
        return true
    }
}

/// A claim that holds was not taken, or one that does not was.
struct WrongVerdict: Error {}
