import NIOCore

/// How fast a client sends, counting only the time in which it kept us waiting: a route that reads slowly is no fault
/// of the client's.
struct BodyPace {
    /// At least `bytes` must come in every `period` of waiting.
    struct Minimum: Sendable {
        var bytes = 30 * 1024
        var period = TimeAmount.seconds(30)
    }

    let minimum: Minimum
    private var received = 0
    private var waited = TimeAmount.zero
    private var waitingSince: NIODeadline?

    init(minimum: Minimum) {
        self.minimum = minimum
    }

    mutating func beganToWait(at now: NIODeadline) {
        if waitingSince == nil { waitingSince = now }
    }

    mutating func stoppedWaiting(at now: NIODeadline) {
        if let since = waitingSince { waited = waited + (now - since) }
        waitingSince = nil
    }

    mutating func received(_ bytes: Int) {
        received += bytes
    }

    /// True when a whole period of waiting brought too little. Otherwise a period that is over makes room for the next.
    mutating func isTooSlow(at now: NIODeadline) -> Bool {
        if waitingSince != nil {
            stoppedWaiting(at: now)
            beganToWait(at: now)
        }
        guard waited >= minimum.period else { return false }
        let isTooSlow = received < minimum.bytes
        waited = .zero
        received = 0
        return isTooSlow
    }
}
