@testable import Persistence

/// What is not in the rows: who holds which claim, and what may still happen.
struct World {
    var jobs: [Job.ID?] = [nil, nil, nil]
    /// Jobs that were acknowledged.
    var acknowledged: Set<Int> = []
    var hands: [Claim?] = [nil, nil]
    /// The newest claim on each job of those who died or were too late: nothing may come of it any more.
    var ghosts: [Claim] = []
    var boot: Boot.ID
    var phase = Phase.serving
    var left: Bounds

    enum Phase {
        case serving, stopping, down
    }

    init(boot: Boot.ID, left: Bounds) {
        self.boot = boot
        self.left = left
    }

    /// Workers are alike: who holds what is told without who.
    func key(_ rows: Rows) -> String {
        let held = hands.map { claim in
            claim.map { "\(rows.number(of: $0.job.id) ?? -1) \(rows.holds($0))" } ?? "-"
        }.sorted()
        return "\(phase) \(held) \(left.crashes) \(left.stops) \(left.postponements) \(left.cancels) \(left.retries)"
    }

    mutating func letGo(_ worker: Int) {
        if let claim = hands[worker] { ghosts = ghosts.filter { $0.job.id != claim.job.id } + [claim] }
        hands[worker] = nil
    }
}
