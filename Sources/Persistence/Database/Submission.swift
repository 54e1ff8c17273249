import GRDB

/// What somebody wants to be done in the next transaction.
struct Submission: Sendable {
    /// Does the work, in a savepoint of its own unless it is alone in the transaction.
    let perform: @Sendable (_ database: Database, _ isAlone: Bool) -> Settlement
    /// Tells the caller that the work was not tried.
    let refuse: @Sendable (any Error) -> Void
}

/// How that went, before the transaction ends.
struct Settlement {
    /// Of the work itself.
    let error: (any Error)?
    /// Tells the caller how the whole transaction ended.
    let settle: @Sendable ((any Error)?) -> Void
}
