package import Persistence

/// What came of repeating many jobs.
package struct BulkRetry: Sendable {
    package var retried = 0
    /// For which there is no way any more, or no file.
    package var refused = 0
    /// `false`: there are more than the queue took.
    package var isComplete = true
}

extension Control {
    private static let pageSize = 200

    /// Repeats failed jobs that nobody has repeated yet, newest first, until the queue is full: those with that failure,
    /// or those that are worth it.
    package func retryAll(_ code: Failure.Code?, requestId: String?) async throws -> BulkRetry {
        var outcome = BulkRetry()
        var cursor: HistoryCursor?
        var room = try await room()
        while true {
            let page = try await store.jobs.history(
                code.map(HistoryFilter.failed) ?? .deadLetters, after: cursor, limit: Self.pageSize)
            for dossier in page {
                guard room > 0 else {
                    outcome.isComplete = false
                    return outcome
                }
                if try await isRetried(dossier, requestId) {
                    outcome.retried += 1
                    room -= 1
                } else {
                    outcome.refused += 1
                }
            }
            guard let last = page.last?.job, page.count == Self.pageSize else { return outcome }
            cursor = HistoryCursor(createdAt: last.createdAt, id: last.id)
        }
    }

    private func isRetried(_ dossier: Dossier, _ requestId: String?) async throws -> Bool {
        do {
            return try await again(dossier, requestId: requestId) != nil
        } catch is Refusal {
            return false
        }
    }
}
