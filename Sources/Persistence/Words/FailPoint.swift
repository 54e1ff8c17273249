import Glibc
import Synchronization

/// A step between upload and result at which a debug build can be made to end at once, as by a crash: for the tests that
/// go through every one of them. `KILN_FAIL_AT=claimed` ends it the first time, `KILN_FAIL_AT=claimed:2` the second. In a
/// release build `pass` is empty.
package enum FailPoint: String, CaseIterable, Sendable {
    /// The row of an upload is there; the upload's bytes are synced, under their name, and that name is durable too.
    case uploadReceived, sourceSynced, sourceRenamed, sourceStored
    /// In the transaction that acknowledges the job, and after it.
    case enqueueing, enqueued
    case claiming, claimed
    case workspaceMade, toolEnded, resultVerified
    case outputSynced, outputRenamed, outputStored
    case workspaceRemoved
    /// In the transaction that ends the attempt, and after it.
    case finishing, finished
    /// The row says so; who runs the job does not know it yet.
    case cancelled
    /// Of a start: the processes of the life before are dead, their files are gone, their rows are in order.
    case stragglersKilled, leftoversRemoved, recovered
    /// Of a polite stop: its row is written, the database is still open.
    case stopped

    #if DEBUG
    package func pass() {
        guard let (point, count) = Self.armed, point == self else { return }
        guard Self.passed.add(1, ordering: .relaxed).newValue == count else { return }
        kill(getpid(), SIGKILL)
        while true { pause() }
    }

    private static let passed = Atomic(0)

    private static let armed: (point: FailPoint, count: Int)? = {
        guard let text = getenv("KILN_FAIL_AT") else { return nil }
        let parts = String(cString: text).split(separator: ":", maxSplits: 1)
        guard let point = parts.first.flatMap({ FailPoint(rawValue: String($0)) }) else { return nil }
        return (point, parts.count > 1 ? Int(parts[1]) ?? 1 : 1)
    }()
    #else
    package func pass() {}
    #endif
}
