package import Persistence

/// What the pipeline has just done, for who keeps figures of it.
package enum Milestone: Sendable {
    /// Bytes of an upload have arrived, be it taken or not.
    case received(bytes: Int64)
    /// A step was claimed for the first time, so long after it was ready.
    case claimed(after: Duration)
    case ended(Run)

    /// An attempt whose ending is in its row.
    package struct Run: Sendable {
        package let converter: String
        package let tool: String
        package let from: String
        package let to: String
        package let outcome: Outcome
        /// From the claim to the row.
        package let duration: Duration
        package let peakMemoryBytes: Int64?
        /// From the upload's first byte to the end of the job; `nil` while the job goes on.
        package let job: Duration?
        package let endedAt: Instant
    }
}

extension Milestone {
    /// `nil` when the step was begun before.
    init?(_ claim: Claim) {
        let job = claim.job
        guard job.attempt == claim.source.attempt + 1 else { return nil }
        // A clock that was turned back must not give time back.
        self = .claimed(after: max(.zero, job.changedAt - claim.source.createdAt))
    }
}

extension Milestone.Run {
    init(_ claim: Claim, _ ending: Ending, _ record: RunRecord, now: Instant) {
        let job = claim.job
        converter = job.converter ?? ""
        tool = job.tool ?? ""
        from = job.currentStep?.from ?? ""
        to = job.currentStep?.to ?? ""
        outcome = ending.outcome
        duration = max(.zero, now - job.changedAt)
        peakMemoryBytes = record.peakMemoryBytes
        self.job = ending.status.isFinal ? max(.zero, now - job.createdAt) : nil
        endedAt = now
    }
}
