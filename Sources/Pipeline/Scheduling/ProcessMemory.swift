import FoundationEssentials

/// What this process uses of the memory, its tools aside.
package enum ProcessMemory {
    /// The resident set, in bytes (proc(5)); `nil` where the system does not tell.
    package static var residentBytes: Int64? {
        // No /proc: not known.
        guard let text = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else { return nil }
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        let words = line?.split(whereSeparator: { $0 == " " || $0 == "\t" })
        return words?.dropFirst().first.flatMap { Int64($0) }.map { $0 * 1024 }
    }
}
