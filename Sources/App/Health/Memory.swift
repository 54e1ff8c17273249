import FoundationEssentials

/// What the server and the machine use of their memory, by `/proc` (proc(5)).
enum Memory {
    static var json: JSONValue {
        .object([
            "rssMB": rssBytes.map { .number((Double($0) / 1_048_576 * 10).rounded() / 10) } ?? .null,
            "systemPercent": systemPercent.map(JSONValue.number) ?? .null,
        ])
    }

    /// The resident set of this process.
    static var rssBytes: Int64? {
        kilobytes(of: "VmRSS", in: "/proc/self/status").map { $0 * 1024 }
    }

    /// Of the machine, with one decimal.
    static var systemPercent: Double? {
        guard let total = kilobytes(of: "MemTotal", in: "/proc/meminfo"), total > 0,
            let available = kilobytes(of: "MemAvailable", in: "/proc/meminfo")
        else { return nil }
        return (Double(total - available) / Double(total) * 1000).rounded() / 10
    }

    private static func kilobytes(of field: String, in file: String) -> Int64? {
        guard let text = try? String(contentsOfFile: file, encoding: .utf8) else { return nil }  // No /proc: not known.
        let line = text.split(separator: "\n").first { $0.hasPrefix(field + ":") }
        return line?.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap { Int64($0) }
    }
}
