import CLauncher
import Glibc
import Persistence
import SystemPackage

/// Processes of an earlier life of the server: those whose command line names a path in our work folder.
struct Stragglers {
    private let work: String

    init(workingIn work: FilePath) {
        // Workspaces are named by their absolute path, links resolved, when tools are started.
        self.work = work.string + "/"
    }

    /// How long the kernel gets to end a killed process.
    private static let patience: CInt = 5000

    /// Kills them all and waits until they are gone. The launcher dies with its server; this is for what it left.
    func kill() {
        for process in processes() {
            let descriptor = kiln_pidfd(process)
            guard descriptor >= 0 else { continue }
            defer { close(descriptor) }
            // Looked at again under the descriptor: the number may belong to somebody else by now.
            guard isOurs(process) else { continue }
            Glibc.kill(process, SIGKILL)
            var end = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            poll(&end, 1, Self.patience)
        }
    }

    private func processes() -> [pid_t] {
        // Without /proc there is nothing to be found, and the leash alone must do.
        let names = (try? Directory.names(in: "/proc")) ?? []
        return names.compactMap { pid_t($0) }.filter { $0 != getpid() && isOurs($0) }
    }

    private func isOurs(_ process: pid_t) -> Bool {
        let descriptor = open("/proc/\(process)/cmdline", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 64 << 10)
        let count = read(descriptor, &bytes, bytes.count)
        guard count > 0 else { return false }
        return bytes[..<count].split(separator: 0).contains { $0.starts(with: work.utf8) }
    }
}
