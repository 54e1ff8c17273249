import Glibc
import Persistence
package import SystemPackage

/// The scratch folder of one attempt. Its path is unique, and stands in the command line of whatever runs in it.
struct Workspace: Sendable {
    let root: FilePath
    private let shelf: WorkspaceShelf?

    init(root: FilePath) {
        self.root = root
        shelf = nil
    }

    /// The workspace of an attempt, by ids that are in a row before the folder is made.
    init(of job: Job.ID, attempt: Int, in work: FilePath, from shelf: WorkspaceShelf? = nil) {
        root = work.appending(Self.name(of: job, attempt: attempt))
        self.shelf = shelf
    }

    /// Unlike any other on this or any other machine.
    static func name(of job: Job.ID, attempt: Int) -> String {
        "\(job).\(attempt)"
    }

    /// What the tool writes: `/out` in its view.
    var out: FilePath { root.appending("out") }
    /// Its scratch: `/tmp` in its view.
    var scratch: FilePath { root.appending("tmp") }
    var log: FilePath { root.appending("log") }
    /// What is converted, where it has no file in store.
    var source: FilePath { root.appending("source") }
    /// What the tool reads where that is several files: `/in` in its view.
    var input: FilePath { root.appending("in") }
    /// The programs of ours that a tool executes: `/kiln` in its view.
    var scripts: FilePath { root.appending("scripts") }
    /// `/etc/passwd` in the view of a tool that needs one.
    var account: FilePath { root.appending("passwd") }

    func make() throws(Failure) {
        if shelf?.lend(as: root) == true { return }
        do {
            try Directory.remove(root)
            try Directory.make(root)
            try Directory.make(out)
            try Directory.make(scratch)
        } catch let error as SystemError where error.isDiskFull {
            throw Failure(.diskFull, "The disk has no room for the conversion.")
        } catch {
            throw Failure(.internal, "The workspace could not be made.")
        }
    }

    /// Best effort: what stays is removed at the next start, with everything else in the work folder.
    func remove() {
        try? Directory.remove(root)
    }

    /// The same after a success: for the next attempt, where it is as good as new.
    func giveBack() {
        // Of a tool that said nothing; else it is in store.
        unlink(log.string)
        unlink(source.string)
        if shelf?.keep(self) != true { remove() }
    }

    /// The end of what the tool said, at most `limit` bytes.
    func logTail(limit: Int) -> String {
        let descriptor = open(log.string, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: limit)
        let size = lseek(descriptor, 0, SEEK_END)
        let count = pread(descriptor, &bytes, limit, max(0, size - limit))
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }
}

/// Questions to the file system about a path.
package enum Access {
    static func isExecutableFile(_ path: FilePath) -> Bool {
        var status = stat()
        return stat(path.string, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path.string, X_OK) == 0
    }

    /// When a file was last changed; the beginning of time where that cannot be told.
    static func modification(of path: FilePath) -> Instant {
        var status = stat()
        guard stat(path.string, &status) == 0 else { return Instant(rawValue: 0) }
        let seconds = Int64(status.st_mtim.tv_sec)
        let milliseconds = Int64(status.st_mtim.tv_nsec) / 1_000_000
        return Instant(rawValue: seconds * 1000 + milliseconds)
    }

    /// Where a program may be, by a search path like `PATH`.
    static func paths(of program: String, _ searchPath: String) -> [FilePath] {
        searchPath.split(separator: ":").map { FilePath(String($0)).appending(program) }
    }

    /// Size of a regular file, links not followed; `nil` for anything else.
    package static func sizeOfFile(_ path: FilePath) -> Int64? {
        var status = stat()
        guard lstat(path.string, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int64(status.st_size)
    }
}
