import GRDB

/// The verbs that look at the audit trail: verifying its chain, and reading it with what belongs to it.
package struct AuditTrail: Sendable {
    let reader: Readers

    /// The newest seal; `nil` before the first one.
    package func head() async throws -> SealName? {
        try await reader.read { try $0.newestSeal()?.name }
    }

    /// Walks the chain from its anchor to its head, and the events that are not sealed yet. Stops at the first thing that
    /// is not as it was written. One short read for each seal: a long one would keep the WAL from being used anew.
    ///
    /// - Parameter witness: a seal that somebody kept elsewhere, and that must be in the chain.
    package func verify(witness: SealName? = nil) async throws -> AuditReport {
        var walk = ChainWalk(witness: witness)
        while !walk.isOver {
            walk = try await reader.read { [walk] database in
                var next = walk
                try next.step(in: database)
                return next
            }
        }
        return walk.report
    }
}

/// What a walk along the chain has found.
package struct AuditReport: Sendable {
    /// The newest pruned seal, where anything was pruned: the chain begins behind it.
    package internal(set) var anchor: SealName?
    package internal(set) var head: SealName?
    /// Seals that hold, without the anchor, and the events in them.
    package internal(set) var seals = 0
    package internal(set) var events = 0
    /// Events that no seal covers yet; all that can be said of them is that none is missing.
    package internal(set) var unsealed = 0
    package internal(set) var breakage: Breakage?

    /// The first thing that is not as it was written.
    package struct Breakage: Hashable, Sendable, CustomStringConvertible {
        /// `nil` when it is behind the last seal.
        package let seal: Int64?
        /// `nil` when the events of the seal are as they were, so that the seal itself is not.
        package let event: Int64?
        package let what: What

        package enum What: String, Sendable {
            case changed, missing, added
        }

        package var description: String {
            let place = seal.map { "seal \($0)" } ?? "behind the last seal"
            return event.map { "event \($0) (\(place)): \(what)" } ?? "\(place): \(what)"
        }
    }
}
