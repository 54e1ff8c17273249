package import Persistence
import Synchronization

/// Whether the server takes no new jobs, because an operator is about to stop it. What it has it goes on with. A restart ends
/// it: then there is nothing left to prepare for.
package final class Draining: Sendable {
    private let begun = Mutex<Instant?>(nil)

    package init() {}

    /// `nil`: it takes jobs.
    package var since: Instant? { begun.withLock(\.self) }

    /// `false` when it was so before.
    func begin(now: Instant) -> Bool {
        begun.withLock { begun in
            guard begun == nil else { return false }
            begun = now
            return true
        }
    }

    /// `false` when it was so before.
    func end() -> Bool {
        begun.withLock { begun in
            defer { begun = nil }
            return begun != nil
        }
    }

    func check() throws(Refusal) {
        guard since == nil else {
            throw Refusal(.stopping, "The server is about to be maintained and takes no new jobs. Try again later.")
        }
    }
}
