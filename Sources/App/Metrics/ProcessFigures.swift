import FoundationEssentials
import Glibc
import Pipeline

/// What the kernel says of this process (proc(5)), under the names that Prometheus' own clients use.
struct ProcessFigures: Sendable {
    /// The resident set, in bytes.
    let residentBytes: Int64?
    let cpuSeconds: Double
    let openFiles: Int?
    let mostFiles: Int64?

    init() {
        residentBytes = ProcessMemory.residentBytes
        var usage = rusage()
        // Cannot fail for ourselves.
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        cpuSeconds = Self.seconds(usage.ru_utime) + Self.seconds(usage.ru_stime)
        // The one that the look itself opens is no part of it. No /proc: not known.
        openFiles = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")).map { $0.count - 1 }
        var limit = rlimit()
        let isKnown = getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
        mostFiles = isKnown ? Int64(clamping: limit.rlim_cur) : nil
    }

    /// Since 1970.
    static let startSeconds: Double? = {
        guard let status = try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8),
            let boot = try? String(contentsOfFile: "/proc/stat", encoding: .utf8),
            let bootTime = boot.split(separator: "\n").first(where: { $0.hasPrefix("btime ") })
                .flatMap({ Double($0.dropFirst(6)) }),
            // After the name in parentheses, which may have spaces, the 22nd field is the 20th.
            let ticks = status.split(separator: ")").last?.split(separator: " ").dropFirst(19).first
                .flatMap({ Double($0) })
        else { return nil }
        return bootTime + ticks / Double(sysconf(CInt(_SC_CLK_TCK)))
    }()

    private static func seconds(_ time: timeval) -> Double {
        Double(time.tv_sec) + Double(time.tv_usec) / 1e6
    }
}
