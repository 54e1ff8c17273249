import FoundationEssentials

/// What memory there is for us: the machine's, or that of the control group that we are in where that is less
/// (proc(5), cgroups(7)).
package struct MachineMemory: Hashable, Sendable {
    /// In bytes.
    package let total: Int64
    /// What can be had without taking it from others, in bytes.
    package let available: Int64

    /// Used, as a share of all.
    package var usedRatio: Double { 1 - Double(available) / Double(max(total, 1)) }

    package init(total: Int64, available: Int64) {
        self.total = total
        self.available = available
    }

    /// As of now; `nil` where the system does not tell.
    package static func read(root: String = "") -> MachineMemory? {
        guard let text = text("\(root)/proc/meminfo"), let total = kilobytes("MemTotal:", in: text),
            let available = kilobytes("MemAvailable:", in: text)
        else { return nil }
        let machine = MachineMemory(total: total * 1024, available: available * 1024)
        return groups(root).compactMap { group(root, $0) }.reduce(machine) { least, group in
            MachineMemory(total: min(least.total, group.total), available: min(least.available, group.available))
        }
    }

    /// The folders of our groups that count memory: in version 2 ours and all above it, in version 1 ours.
    private static func groups(_ root: String) -> [String] {
        let lines = (text("\(root)/proc/self/cgroup") ?? "").split(separator: "\n")
        return lines.flatMap { line -> [String] in
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { return [] }
            if parts[1].split(separator: ",").contains("memory") {
                // Within a container the path is that of the host, and the group itself is the root.
                return ["/sys/fs/cgroup/memory\(parts[2])", "/sys/fs/cgroup/memory"]
            }
            guard parts[0] == "0", parts[1].isEmpty else { return [] }
            let names = parts[2].split(separator: "/")
            return (0...names.count).map { "/sys/fs/cgroup/" + names.prefix($0).joined(separator: "/") }
        }
    }

    /// Of a group with a limit. What the kernel can take back from its page cache counts as available.
    private static func group(_ root: String, _ folder: String) -> MachineMemory? {
        let names = [
            ("memory.max", "memory.current", "inactive_file "),
            ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file "),
        ]
        for (limit, usage, cache) in names {
            guard let limit = number("\(root)\(folder)/\(limit)"), let usage = number("\(root)\(folder)/\(usage)")
            else {
                continue
            }
            let statistics = text("\(root)\(folder)/memory.stat")?.split(separator: "\n") ?? []
            let reclaimable = statistics.first { $0.hasPrefix(cache) }.flatMap { Int64($0.dropFirst(cache.count)) } ?? 0
            return MachineMemory(total: limit, available: max(0, limit - max(0, usage - reclaimable)))
        }
        return nil
    }

    /// `nil` for `max`, and for what is no file.
    private static func number(_ file: String) -> Int64? {
        text(file).flatMap { Int64($0.prefix { $0.isNumber }) }
    }

    private static func kilobytes(_ field: String, in text: String) -> Int64? {
        let line = text.split(separator: "\n").first { $0.hasPrefix(field) }
        return line?.split(separator: " ").dropFirst().first.flatMap { Int64($0) }
    }

    private static func text(_ file: String) -> String? {
        try? String(contentsOfFile: file, encoding: .utf8)  // Not there: not known.
    }
}
