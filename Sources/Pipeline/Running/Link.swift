import CLauncher
import Glibc
import Persistence
import Synchronization

/// The connection to a launcher: the command line of a run goes out, its report comes back, and so on with the next.
/// Letting go ends the run, and the launcher.
final class Link: Sendable {
    private let ends: Mutex<(ours: CInt, launchers: CInt)>
    private let use = Mutex((runs: 0, isLetGo: false))

    init() throws {
        var ends: [CInt] = [-1, -1]
        let kind = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw SystemError("make a pair of sockets") }
        self.ends = Mutex((ends[0], ends[1]))
    }

    /// Gives the launcher's end away, and closes what is left of it here: then the launcher's death is noticed.
    func handOver(_ give: (CInt) -> Bool) -> Bool {
        let end = ends.withLock { ends in
            defer { ends.launchers = -1 }
            return ends.launchers
        }
        defer { close(end) }
        return give(end)
    }

    /// From any thread, at any time until the link is dropped.
    func letGo() {
        use.withLock { $0.isLetGo = true }
        ends.withLock { ends in _ = shutdown(ends.ours, CInt(SHUT_WR)) }
    }

    /// Whether the launcher, whose run has ended, is there for another one.
    var isFree: Bool {
        guard use.withLock({ $0.runs < KILN_LAUNCH_RUNS && !$0.isLetGo }) else { return false }
        // Nothing comes from it unasked but its end.
        var end = pollfd(fd: ends.withLock { $0.ours }, events: Int16(POLLIN), revents: 0)
        return poll(&end, 1, 0) == 0
    }

    /// Sends the command line. Blocks while a long one is taken. A launcher that is gone is noticed by `report`.
    func send(_ words: [String]) {
        use.withLock { $0.runs += 1 }
        var bytes: [UInt8] = [0, 0, 0, 0]
        for word in words {
            bytes += word.utf8
            bytes.append(0)
        }
        withUnsafeBytes(of: UInt32(bytes.count - 4)) { length in bytes.replaceSubrange(..<4, with: length) }
        let end = ends.withLock { $0.ours }
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(end, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
            }
            guard count > 0 || errno == EINTR else { return }
            sent += max(0, count)
        }
    }

    /// What the launcher says before it ends; empty when it was killed. Blocks until then.
    func report() -> String {
        let end = ends.withLock { $0.ours }
        var bytes = [UInt8](repeating: 0, count: 1024)
        var count = 0
        while count < bytes.count, bytes[..<count].last != 0x0A {
            let more = bytes[count...].withUnsafeMutableBytes { read(end, $0.baseAddress, $0.count) }
            guard more > 0 || (more < 0 && errno == EINTR) else { break }
            count += max(0, more)
        }
        return String(decoding: bytes[..<count], as: UTF8.self)
    }

    deinit {
        ends.withLock { ends in
            close(ends.ours)
            if ends.launchers >= 0 { close(ends.launchers) }
        }
    }
}
