import Glibc
import SystemPackage

/// Control groups of the kernel (cgroups(7)), in which the launcher limits what all processes of a run use together.
///
/// Most machines let us make none, and then the launcher's own looks at the tree must do.
enum ControlGroups {
    /// Folders below which groups can be made: one for memory and processes, or one for each; empty where there are none.
    static func find() -> [FilePath] {
        let own = memberships(text(of: "/proc/self/cgroup"))
        let mount = FilePath("/sys/fs/cgroup")
        if let path = own[""], let folder = unified(below(mount, path)) { return [folder] }
        return ["memory": "memory.limit_in_bytes", "pids": "pids.max"].sorted { $0.key < $1.key }
            .compactMap { kind, limit in
                guard let path = own[kind] else { return nil }
                let hierarchy = mount.appending(kind)
                // In a container the path may be that of the machine, which is not to be seen from inside.
                return [below(hierarchy, path), hierarchy].first { isUsable($0, limit) }
            }
    }

    /// The path of our group by the name of its controllers; version 2 has none.
    static func memberships(_ text: String) -> [String: String] {
        var paths: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { continue }
            if fields[0] == "0" { paths[""] = String(fields[2]) }
            for name in fields[1].split(separator: ",") { paths[String(name)] = String(fields[2]) }
        }
        return paths
    }

    private static func below(_ folder: FilePath, _ path: String) -> FilePath {
        path.split(separator: "/").reduce(folder) { $0.appending(String($1)) }
    }

    /// A group of version 2 that hands both controllers on. Only a group without processes may do that: we step aside into
    /// one below, but where others live in ours it is not ours to arrange.
    private static func unified(_ folder: FilePath) -> FilePath? {
        let offered = words(folder.appending("cgroup.controllers"))
        guard offered.contains("memory"), offered.contains("pids") else { return nil }
        let given = words(folder.appending("cgroup.subtree_control"))
        if !given.contains("memory") || !given.contains("pids") {
            guard words(folder.appending("cgroup.procs")) == ["\(getpid())"] else { return nil }
            let aside = folder.appending("kiln-server")
            mkdir(aside.string, 0o755)
            guard put("\(getpid())", aside.appending("cgroup.procs")),
                put("+memory +pids", folder.appending("cgroup.subtree_control"))
            else { return nil }
        }
        return isUsable(folder, "memory.max") ? folder : nil
    }

    /// Makes a group and looks whether its limit may be set. Removes what launchers left that were killed.
    private static func isUsable(_ folder: FilePath, _ limit: String) -> Bool {
        sweep(folder)
        let probe = folder.appending("kiln-probe-\(getpid())")
        guard mkdir(probe.string, 0o700) == 0 else { return false }
        defer { rmdir(probe.string) }
        return [limit, "cgroup.procs"].allSatisfy { access(probe.appending($0).string, W_OK) == 0 }
    }

    /// A group with processes stays, whosever it is.
    private static func sweep(_ folder: FilePath) {
        guard let stream = opendir(folder.string) else { return }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasPrefix("kiln-"), let launcher = pid_t(name.dropFirst(5)), kill(launcher, 0) != 0 {
                rmdir(folder.appending(name).string)
            }
        }
    }

    private static func words(_ file: FilePath) -> [String] {
        text(of: file).split(whereSeparator: \.isWhitespace).map(String.init)
    }

    /// Empty where it cannot be read.
    private static func text(of file: FilePath) -> String {
        let descriptor = open(file.string, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 64 << 10)
        let count = read(descriptor, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }

    private static func put(_ text: String, _ file: FilePath) -> Bool {
        let descriptor = open(file.string, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return write(descriptor, text, text.utf8.count) == text.utf8.count
    }
}
