/// The right to run one step of a job: only its holder may finish it.
package struct Claim: Sendable {
    /// The row as it stands under this claim.
    package let job: Job
    /// What the step reads.
    package let source: Artifact
    /// Its bytes, where it is small; `nil`: it is a file.
    package let content: [UInt8]?
    /// What was uploaded.
    package let original: Artifact
    /// Sees the job being ended by anybody: then the claim is lost, and there is no need to go on. It was taken together
    /// with the claim, so that no end is missed.
    package let ended: Endings.Watch

    /// Where the next transition must start from.
    package var number: Int { job.attempt }
}

/// Which converter of a step is next, and the tool that it needs.
package struct Place: Hashable, Sendable {
    /// Index into the step's converters.
    package let choice: Int
    package let tool: String

    package init(choice: Int = 0, tool: String) {
        self.choice = choice
        self.tool = tool
    }
}

/// How an attempt ended, and what becomes of the job.
package enum Ending: Sendable {
    /// The last step is done.
    case succeeded(NewArtifact, warnings: [String])
    /// A step is done; the next one has its place.
    case advanced(NewArtifact, to: Place)
    /// The attempt failed; another converter of the step takes over.
    case fellBack(Failure, to: Place)
    /// The attempt failed; the same converter tries again after so long, counted from when the row is written.
    case postponed(Failure, after: Duration)
    /// The attempt failed, and the job with it.
    case failed(Failure)
    /// The server is stopping politely: nothing is charged, the step runs again.
    case released
}

/// Whether the row took the ending.
package enum Verdict: Sendable {
    case committed
    /// Somebody else ended the claim: throw the output away, change nothing.
    case lost
}
