import CLauncher
import Glibc
import Persistence
import Synchronization

/// The connection to a launcher: the command line of a run goes out, its report comes back, and so on with the next.
/// Letting go ends the run, and the launcher.
final class Link: Sendable {
    private let state: Mutex<State>

    private struct State {
        /// Descriptors; the launcher's is -1 once it is given away.
        let ours: CInt
        var launchers: CInt
        var runs = 0
        var isLetGo = false
    }

    init() throws {
        var ends: [CInt] = [-1, -1]
        let kind = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw SystemError("make a pair of sockets") }
        state = Mutex(State(ours: ends[0], launchers: ends[1]))
    }

    /// Gives the launcher's end away, and closes what is left of it here: then the launcher's death is noticed.
    func handOver(_ give: (CInt) -> Bool) -> Bool {
        let end = state.withLock { state in
            defer { state.launchers = -1 }
            return state.launchers
        }
        defer { close(end) }
        return give(end)
    }

    /// From any thread, at any time until the link is dropped.
    func letGo() {
        state.withLock { state in
            state.isLetGo = true
            _ = shutdown(state.ours, CInt(SHUT_WR))
        }
    }

    /// Whether the launcher, whose run has ended, is there for another one.
    var isFree: Bool {
        state.withLock { state in
            // Nothing comes from it unasked but its end.
            var end = pollfd(fd: state.ours, events: Int16(POLLIN), revents: 0)
            return state.runs < KILN_LAUNCH_RUNS && !state.isLetGo && poll(&end, 1, 0) == 0
        }
    }

    /// Sends the command line. Blocks while a long one is taken. A launcher that is gone is noticed by `report`.
    func send(_ words: [String]) {
        var bytes: [UInt8] = [0, 0, 0, 0]
        for word in words {
            bytes += word.utf8
            bytes.append(0)
        }
        withUnsafeBytes(of: UInt32(bytes.count - 4)) { length in bytes.replaceSubrange(..<4, with: length) }
        let end = state.withLock { state in
            state.runs += 1
            return state.ours
        }
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(end, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
            }
            guard count > 0 || errno == EINTR else { return }
            sent += max(0, count)
        }
    }

    /// What the launcher says of a run that has ended; empty when it was killed. Blocks until then.
    func report() -> String {
        let end = state.withLock { $0.ours }
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
        state.withLock { state in
            close(state.ours)
            if state.launchers >= 0 { close(state.launchers) }
        }
    }
}
