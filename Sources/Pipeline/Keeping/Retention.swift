import Persistence
import ServiceLifecycle

/// Gives up what is older than it is kept for, and what is oldest when the disk is full.
struct Retention: Sendable {
    let store: Store
    let policy: RetentionPolicy
    let telemetry: Telemetry

    /// What is done in one transaction, when it is not urgent.
    private static let step = 32
    /// When every byte counts, nothing more than needed is given up.
    private static let smallStep = 4

    /// All that is due.
    func expire(_ now: Instant) async throws {
        if let time = policy.results {
            try await giveUp("results") { cursor in
                try await store.jobs.expireResults(endedBefore: now - time, after: cursor, limit: Self.step, now: now)
            }
        }
        if let time = policy.sources {
            try await giveUp("sources") { cursor in
                try await store.jobs.expireSources(endedBefore: now - time, after: cursor, limit: Self.step, now: now)
            }
        }
        if let time = policy.history { try await forget(endedBefore: now - time, now) }
    }

    /// The oldest results first; then, where that is not enough, the oldest sources. Not small ones: the database keeps
    /// the room that they leave.
    func makeRoom(for missing: Int64, _ now: Instant) async throws {
        let youngest = now - policy.least
        let freed = try await giveUp("results, for want of space", until: missing) { cursor in
            try await store.jobs.expireResults(
                endedBefore: youngest, after: cursor, forSpace: true, limit: Self.smallStep, now: now)
        }
        guard freed < missing else { return }
        try await giveUp("sources, for want of space", until: missing - freed) { cursor in
            try await store.jobs.expireSources(
                endedBefore: youngest, after: cursor, forSpace: true, limit: Self.smallStep, now: now)
        }
    }

    /// Step by step, until there is nothing more or so many bytes are free. Returns how many are.
    @discardableResult
    private func giveUp(
        _ what: String, until enough: Int64 = .max,
        _ step: (_ from: Expiry.Cursor?) async throws -> Expiry
    ) async throws -> Int64 {
        var (cursor, jobs, freed): (Expiry.Cursor?, Int, Int64) = (nil, 0, 0)
        repeat {
            let expiry = try await step(cursor)
            try await discard(expiry.unnamed)
            freed += expiry.unnamed.reduce(0) { $0 + $1.size }
            jobs += expiry.jobs
            cursor = expiry.next
        } while cursor != nil && freed < enough && !Task.isShuttingDownGracefully && !Task.isCancelled
        telemetry.gaveUp(what, jobs: jobs, bytes: freed)
        return freed
    }

    private func forget(endedBefore time: Instant, _ now: Instant) async throws {
        var (jobs, bytes): (Int, Int64) = (0, 0)
        var isMore = true
        while isMore, !Task.isShuttingDownGracefully, !Task.isCancelled {
            let expiry = try await store.jobs.forget(endedBefore: time, limit: Self.step, now: now)
            try await discard(expiry.unnamed)
            jobs += expiry.jobs
            bytes += expiry.unnamed.reduce(0) { $0 + $1.size }
            isMore = expiry.jobs == Self.step
        }
        telemetry.gaveUp("jobs", jobs: jobs, bytes: bytes)
    }

    private func discard(_ unnamed: [Unnamed]) async throws {
        for blob in unnamed { try await store.blobs.discard(blob.key) }
    }
}
