/// Writes metrics down as Prometheus reads them: its text format 0.0.4, or OpenMetrics 1.0.
struct Exposition {
    enum Format: Sendable {
        case prometheus, openMetrics

        var mediaType: String {
            switch self {
            case .prometheus: "text/plain; version=0.0.4; charset=utf-8"
            case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
            }
        }
    }

    private let format: Format
    private var bytes: [UInt8] = []

    /// A family without series is left out.
    static func bytes(_ families: [MetricFamily], as format: Format) -> [UInt8] {
        var exposition = Exposition(format: format)
        exposition.bytes.reserveCapacity(64 << 10)
        for family in families where !family.samples.isEmpty { exposition.write(family) }
        if format == .openMetrics { exposition.bytes += "# EOF\n".utf8 }
        return exposition.bytes
    }

    private init(format: Format) {
        self.format = format
    }

    private mutating func write(_ family: MetricFamily) {
        write("TYPE", family, type(of: family.kind))
        if format == .openMetrics, let unit = Self.units.first(where: { family.name.hasSuffix("_" + $0) }) {
            write("UNIT", family, unit)
        }
        write("HELP", family, escaped(family.help, quotes: format == .openMetrics))
        for sample in family.samples {
            bytes += family.name.utf8
            bytes += sample.suffix.utf8
            write(sample.labels)
            bytes.append(UInt8(ascii: " "))
            bytes += Self.text(of: sample.value).utf8
            bytes.append(UInt8(ascii: "\n"))
        }
    }

    private static let units = ["seconds", "bytes", "ratio"]

    /// The older format has no kind for what is only labels.
    private func type(of kind: MetricFamily.Kind) -> String {
        kind == .info && format == .prometheus ? MetricFamily.Kind.gauge.rawValue : kind.rawValue
    }

    /// The older format names the series, the newer one the family.
    private mutating func write(_ word: String, _ family: MetricFamily, _ text: String) {
        let isWhole = format == .prometheus && (family.kind == .counter || family.kind == .info)
        bytes += "# \(word) \(family.name)\(isWhole ? family.samples[0].suffix : "") \(text)\n".utf8
    }

    private mutating func write(_ labels: [MetricFamily.Label]) {
        guard !labels.isEmpty else { return }
        bytes.append(UInt8(ascii: "{"))
        for (index, label) in labels.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes += label.name.utf8
            bytes += "=\"".utf8
            bytes += escaped(label.value, quotes: true).utf8
            bytes.append(UInt8(ascii: "\""))
        }
        bytes.append(UInt8(ascii: "}"))
    }

    private func escaped(_ text: String, quotes: Bool) -> String {
        guard text.utf8.contains(where: { $0 == 0x22 || $0 == 0x5C || $0 == 0x0A }) else { return text }
        var escaped = ""
        for character in text.unicodeScalars {
            switch character {
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\"": escaped += quotes ? "\\\"" : "\""
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }

    private static func text(of value: MetricFamily.Value) -> String {
        switch value {
        case .integer(let number): String(number)
        case .number(let number): text(of: number)
        }
    }

    static func text(of number: Double) -> String {
        if number.isNaN { return "NaN" }
        return number.isFinite ? String(number) : number > 0 ? "+Inf" : "-Inf"
    }
}
