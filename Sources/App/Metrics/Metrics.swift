import Persistence
import Pipeline
import Synchronization

/// What is counted while the server lives. All else that `/metrics` tells is looked at when somebody asks.
final class Metrics: Sendable {
    let requests = Histograms<RequestKey>(
        [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60])
    /// By converter, as all that is of runs.
    let jobs = Histograms<String>([0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600])
    let attempts = Histograms<String>([0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600])
    let peaks = Histograms<String>((4...15).map { Double(1 << ($0 + 20)) })
    let waits = Histograms<Whole>(
        [0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3600, 14400], showing: [.whole])
    let commits = Histograms<Whole>(
        [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5], showing: [.whole])
    let batches = Histograms<Whole>([1, 2, 4, 8, 16, 32, 64, 128, 256, 512], showing: [.whole])
    private let arrived = Atomic<Int64>(0)
    private let runs = Mutex(Runs())

    struct Runs: Sendable {
        /// By tool.
        var records: [String: ToolRecord] = [:]
        var conversions: [Conversions.Key: Conversions] = [:]
    }

    var uploadedBytes: Int64 { arrived.load(ordering: .relaxed) }
    /// In the order of their names.
    var conversions: [(key: Conversions.Key, value: Conversions)] {
        runs.withLock { $0.conversions }.sorted {
            ($0.key.converter, $0.key.from, $0.key.to) < ($1.key.converter, $1.key.from, $1.key.to)
        }
    }

    func record(of tool: String) -> ToolRecord? { runs.withLock { $0.records[tool] } }

    func note(_ commit: Commit) {
        commits.observe(commit.duration, .whole)
        batches.observe(Double(commit.submissions), .whole)
    }

    func note(_ milestone: Milestone) {
        switch milestone {
        case .received(let bytes): arrived.add(bytes, ordering: .relaxed)
        case .claimed(let wait): waits.observe(wait, .whole)
        case .ended(let run): note(run)
        }
    }

    private func note(_ run: Milestone.Run) {
        attempts.observe(run.duration, run.converter)
        if let bytes = run.peakMemoryBytes { peaks.observe(Double(bytes), run.converter) }
        if let duration = run.job { jobs.observe(duration, run.converter) }
        runs.withLock { runs in
            runs.records[run.tool, default: ToolRecord()].note(run)
            runs.conversions[Conversions.Key(run), default: Conversions()].note(run)
        }
    }
}

/// How a tool has done of late.
struct ToolRecord: Sendable {
    /// `nil`: none since the start of the server.
    private(set) var lastSuccess: Instant?
    /// The newest attempts, the newest in the lowest bit; 1 failed.
    private var failures: UInt64 = 0
    private var seen = 0

    private static let most = UInt64.bitWidth

    /// Of the newest attempts, at most 64; `nil` when there was none.
    var failureRate: Double? { seen == 0 ? nil : Double(failures.nonzeroBitCount) / Double(seen) }

    /// A stop of the server is no fault of the tool's.
    mutating func note(_ run: Milestone.Run) {
        guard run.outcome == .succeeded || run.outcome == .failed else { return }
        if run.outcome == .succeeded { lastSuccess = run.endedAt }
        failures = failures << 1 | (run.outcome == .failed ? 1 : 0)
        seen = min(seen + 1, Self.most)
    }
}

/// What one converter made of one format.
struct Conversions: Sendable {
    private(set) var succeeded = 0
    private(set) var failed = 0
    private(set) var seconds = 0.0

    struct Key: Hashable, Sendable {
        let converter: String
        let from: String
        let to: String

        init(_ run: Milestone.Run) {
            (converter, from, to) = (run.converter, run.from, run.to)
        }
    }

    mutating func note(_ run: Milestone.Run) {
        switch run.outcome {
        case .succeeded: succeeded += 1
        case .failed: failed += 1
        case .running, .interrupted, .cancelled: return
        }
        seconds += run.duration.seconds
    }
}
