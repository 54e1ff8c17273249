/// How who asks for metrics wants them, by the field `Accept` (RFC 9110 section 12.5.1).
enum MetricsFormat: Equatable {
    case text(Exposition.Format)
    case json

    /// Of equal wishes, the first counts; without any, it is the text that every tool reads.
    init(accept: String) {
        var best: (format: MetricsFormat, weight: Double) = (.text(.prometheus), 0)
        for wish in accept.split(separator: ",") {
            let parts = wish.split(separator: ";").map { part in part.filter { $0 != " " && $0 != "\t" }.lowercased() }
            guard let type = parts.first, let format = Self.format(of: type, parts) else { continue }
            let weight = parts.first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
            if weight > best.weight { best = (format, weight) }
        }
        self = best.format
    }

    private static func format(of type: String, _ parameters: [String]) -> MetricsFormat? {
        switch type {
        case "application/json": .json
        case "application/openmetrics-text": parameters.contains("version=0.0.1") ? nil : .text(.openMetrics)
        case "text/plain", "text/*", "*/*": .text(.prometheus)
        default: nil
        }
    }
}
