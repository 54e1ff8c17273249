package import Glibc
import Persistence
import SystemPackage

/// The processes of this machine, looked up in `/proc`.
package enum Processes {
    /// Those whose command line contains the text: such as the path of a workspace, or of a fake tool.
    package static func mentioning(_ text: String) -> [pid_t] {
        // Without /proc there is nothing to be found.
        let names = (try? Directory.names(in: "/proc")) ?? []
        return names.compactMap { pid_t($0) }.filter { $0 != getpid() && commandLine(of: $0).contains(text) }
    }

    /// Who started it or inherited it; `nil` for a process that is gone.
    package static func parent(of process: pid_t) -> pid_t? {
        // The name in brackets, which comes first, may contain anything (proc(5)).
        let fields = text(of: "/proc/\(process)/stat").split(separator: ")").last?.split(separator: " ")
        return fields.flatMap { $0.count > 1 ? pid_t($0[1]) : nil }
    }

    private static func commandLine(of process: pid_t) -> String {
        text(of: "/proc/\(process)/cmdline")
    }

    /// Empty for a process that is gone.
    private static func text(of path: String) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 64 << 10)
        let count = read(descriptor, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }
}
