package import Persistence

extension Control {
    /// Ends a job that is under way: the row first, then whatever runs for it. Lost when it has ended already.
    package func cancel(_ job: Job.ID, requestId: String?) async throws -> Verdict {
        let verdict = try await store.jobs.cancel(job, requestId: requestId)
        if case .committed = verdict { telemetry.cancelled(job, request: requestId) }
        return verdict
    }

    /// Gives up the files of a job that has ended, now. `false` when it has not.
    package func delete(_ job: Job.ID, requestId: String?) async throws -> Bool {
        guard case .done(let keys) = try await store.jobs.delete(job, requestId: requestId) else { return false }
        for key in keys { try await store.blobs.discard(key) }
        return true
    }
}
