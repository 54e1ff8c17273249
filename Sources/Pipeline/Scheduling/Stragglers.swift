import CLauncher
import Glibc
import Persistence
import SystemPackage

/// Processes of an earlier life of the server: those whose command line names a path in our work folder.
///
/// The folder is known by its identity, since it may have been moved or renamed between two lives: then the path leads
/// nowhere, and the name of a workspace, which is unique, tells whose it is.
struct Stragglers {
    private let work: Identity?
    private let names: Set<String>

    /// - Parameter names: of the workspaces of attempts that were running.
    init(workingIn work: FilePath, on names: Set<String>) {
        self.work = Identity(of: work.string)
        self.names = names
    }

    private struct Identity: Equatable {
        let device: dev_t
        let inode: ino_t

        /// `nil` for what is not there.
        init?(of path: String) {
            var status = stat()
            guard stat(path, &status) == 0 else { return nil }
            (device, inode) = (status.st_dev, status.st_ino)
        }
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
        return bytes[..<count].split(separator: 0).contains { isOurs(path: String(decoding: $0, as: UTF8.self)) }
    }

    /// Whether an argument is a path of ours: `.../work/<workspace>/...`.
    private func isOurs(path: String) -> Bool {
        guard path.hasPrefix("/"), path.contains("/work/") else { return false }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        return parts.indices.dropLast().contains { index in
            guard parts[index] == "work" else { return false }
            guard let folder = Identity(of: parts[...index].joined(separator: "/")) else {
                return names.contains(String(parts[index + 1]))
            }
            return folder == work
        }
    }
}
