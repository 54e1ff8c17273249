import Synchronization

/// How many values fell into which range, and their sum.
struct Histogram: Sendable {
    /// One for each upper bound, and one for what is above them all. Not cumulative.
    private(set) var counts: [UInt64]
    private(set) var sum = 0.0

    init(ranges: Int) {
        counts = Array(repeating: 0, count: ranges)
    }

    var count: UInt64 { counts.reduce(0, +) }

    /// `nil` when there are no values.
    var mean: Double? { count == 0 ? nil : sum / Double(count) }

    mutating func observe(_ value: Double, _ bounds: [Double]) {
        counts[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1
        sum += value
    }

    mutating func add(_ other: Histogram) {
        for index in counts.indices { counts[index] += other.counts[index] }
        sum += other.sum
    }

    /// Below which that share of the values lies, as far as the ranges tell; `nil` when there are no values.
    /// What is above all bounds counts as the last one.
    func quantile(_ share: Double, _ bounds: [Double]) -> Double? {
        let rank = share * Double(count)
        var (seen, lower) = (0.0, 0.0)
        for (index, bound) in bounds.enumerated() {
            let inside = Double(counts[index])
            if inside > 0, seen + inside >= rank { return lower + (bound - lower) * (rank - seen) / inside }
            (seen, lower) = (seen + inside, bound)
        }
        return count == 0 ? nil : bounds.last
    }
}

/// Histograms with the same bounds, one for each set of labels. An observation costs one lock and no allocation, once the
/// labels were seen.
final class Histograms<Key: Hashable & Sendable>: Sendable {
    /// Ascending.
    let bounds: [Double]
    private let series: Mutex<[Key: Histogram]>

    /// - Parameter keys: that are shown before anything was observed.
    init(_ bounds: [Double], showing keys: [Key] = []) {
        self.bounds = bounds
        series = Mutex(
            Dictionary(keys.map { ($0, Histogram(ranges: bounds.count + 1)) }, uniquingKeysWith: { first, _ in first }))
    }

    func observe(_ value: Double, _ key: Key) {
        series.withLock { $0[key, default: Histogram(ranges: bounds.count + 1)].observe(value, bounds) }
    }

    func observe(_ duration: Duration, _ key: Key) {
        observe(max(0, duration / .seconds(1)), key)
    }

    var all: [Key: Histogram] { series.withLock(\.self) }
}

/// The only key of a histogram without labels.
enum Whole: Hashable, Sendable { case whole }
