/// One metric with all its series, as Prometheus knows it.
struct MetricFamily: Sendable {
    /// Without the ending that its kind adds: a counter's `_total`, `_info`.
    let name: String
    let kind: Kind
    let help: String
    var samples: [Sample]

    enum Kind: String, Sendable { case gauge, counter, histogram, info }

    struct Sample: Sendable {
        /// After the family's name, as in `_bucket`.
        var suffix = ""
        var labels: [Label] = []
        let value: Value
    }

    struct Label: Sendable {
        let name: String
        let value: String
    }

    enum Value: Sendable {
        case integer(Int64)
        case number(Double)
    }

    init(_ name: String, _ kind: Kind, _ help: String, _ samples: [Sample]) {
        (self.name, self.kind, self.help, self.samples) = (name, kind, help, samples)
    }

    static func gauge(_ name: String, _ help: String, _ value: Value?) -> MetricFamily {
        MetricFamily(name, .gauge, help, value.map { [Sample(value: $0)] } ?? [])
    }

    /// One series for each value of a label.
    static func gauge(_ name: String, _ help: String, by label: String, _ values: [String: Int]) -> MetricFamily {
        let samples = values.sorted { $0.key < $1.key }.map {
            Sample(labels: [Label(name: label, value: $0.key)], value: .integer(Int64($0.value)))
        }
        return MetricFamily(name, .gauge, help, samples)
    }

    static func counter(_ name: String, _ help: String, _ value: Value?) -> MetricFamily {
        MetricFamily(name, .counter, help, value.map { [Sample(suffix: "_total", value: $0)] } ?? [])
    }

    static func histogram<Key>(
        _ name: String, _ help: String, _ histograms: Histograms<Key>, _ labels: (Key) -> [Label]
    ) -> MetricFamily {
        let series = histograms.all.map { (labels: labels($0.key), histogram: $0.value) }
            .sorted { $0.labels.map(\.value).lexicographicallyPrecedes($1.labels.map(\.value)) }
        return MetricFamily(
            name, .histogram, help, series.flatMap { samples(of: $0.histogram, histograms.bounds, $0.labels) })
    }

    /// The buckets are cumulative, and the last one has everything.
    private static func samples(of histogram: Histogram, _ bounds: [Double], _ labels: [Label]) -> [Sample] {
        var total: UInt64 = 0
        var samples = zip(bounds.map { Exposition.text(of: $0) } + ["+Inf"], histogram.counts).map { bound, count in
            total += count
            return Sample(
                suffix: "_bucket", labels: labels + [Label(name: "le", value: bound)], value: .integer(Int64(total)))
        }
        samples.append(Sample(suffix: "_sum", labels: labels, value: .number(histogram.sum)))
        samples.append(Sample(suffix: "_count", labels: labels, value: .integer(Int64(total))))
        return samples
    }
}

extension MetricFamily.Label: ExpressibleByArrayLiteral {
    /// Name and value.
    init(arrayLiteral parts: String...) {
        self.init(name: parts.first ?? "", value: parts.dropFirst().first ?? "")
    }
}
