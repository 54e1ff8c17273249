import Persistence

/// Whether a step that failed is tried again with the same converter, and after how long: by the class of its failure.
///
/// Exponential backoff with full jitter: a random part of a time that doubles, so that those that failed together do not
/// come back together.
package struct RetryPolicy: Sendable {
    /// Retries of one step with one converter, of failures that pass by themselves.
    private let limit: Int
    /// The most that the first retry waits.
    private let delay: Duration
    /// The most that any retry waits.
    let longest: Duration
    /// The most that a job waits for space on the disk, however often it tries.
    let diskWait: Duration

    package init(limit: Int, delay: Duration, longest: Duration, diskWait: Duration = .seconds(3600)) {
        self.limit = limit
        self.delay = delay
        self.longest = longest
        self.diskWait = diskWait
    }

    /// Nothing is tried again by itself.
    package static let never = RetryPolicy(limit: 0, delay: .zero, longest: .zero, diskWait: .zero)

    /// How long to wait before the next try; `nil`: there is none.
    ///
    /// - Parameters:
    ///   - failures: how often the converter has failed at the step before.
    ///   - waited: how long the job has waited for space on the disk before. By itself it bounds the retries of a full
    ///     disk: neither what else has failed nor a clock that is turned makes a difference.
    func wait(after failure: Failure, failures: Int, waited: Duration = .zero) -> Duration? {
        if failure.code == .diskFull {
            guard waited < diskWait else { return nil }
            return min(max(backoff(failures), .milliseconds(1)), diskWait - waited)
        }
        guard failures < most(failure.code.kind) else { return nil }
        if failure.code.kind == .rateLimit, let told = failure.retryAfter { return min(told, longest) }
        return backoff(failures)
    }

    private func backoff(_ failures: Int) -> Duration {
        let ceiling = min(Double(longest.milliseconds), Double(delay.milliseconds) * exp2(failures))
        return .milliseconds(Int64(Double.random(in: 0...max(0, ceiling))))
    }

    private func most(_ kind: Failure.Code.Class) -> Int {
        switch kind {
        case .transient, .rateLimit: limit
        case .timeout, .unknown: min(1, limit)
        case .permanent: 0
        }
    }

    private func exp2(_ exponent: Int) -> Double {
        Double(sign: .plus, exponent: min(exponent, 62), significand: 1)
    }
}
