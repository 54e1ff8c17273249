import CLauncher
import Glibc
import Persistence
import Subprocess
import Synchronization
import SystemPackage

/// The process that forks launchers for us (see CLauncher): started for the first run, and again after it was killed. It
/// ends when this is dropped, and when the server dies, and so do the launchers that wait for a run.
final class Spawner: Sendable {
    private let state = Mutex(State())
    private let idle = Mutex<[Link]>([])

    /// Launchers that may wait for their next run; those of a burst end.
    private static let mostIdle = 4

    private struct State {
        /// Our end of the requests' socket; -1 while there is no spawner.
        var socket: CInt = -1
        var life: Task<Void, Never>?
    }

    /// A launcher for a run: one that waits, or a new one. `nil` when there is no way to one.
    ///
    /// - Throws: where there can be no sockets.
    func launcher() throws -> Link? {
        while let link = idle.withLock({ $0.popLast() }) {
            if link.isFree { return link }
        }
        let link = try Link()
        return link.handOver(pass) ? link : nil
    }

    /// Takes a launcher back whose run has ended.
    func keep(_ link: Link) {
        guard link.isFree else { return }
        idle.withLock { idle in
            if idle.count < Self.mostIdle { idle.append(link) }
        }
    }

    /// Makes a launcher of whatever the other end of this link is. False when there is no way to.
    func pass(_ link: CInt) -> Bool {
        state.withLock { state in
            if state.socket >= 0 {
                if kiln_spawner_pass(state.socket, link) == 0 { return true }
                close(state.socket)
            }
            state = Self.start()
            return state.socket >= 0 && kiln_spawner_pass(state.socket, link) == 0
        }
    }

    /// What is passed meanwhile waits in the socket, and is dropped with it if the start fails.
    private static func start() -> State {
        var ends: [CInt] = [-1, -1]
        let kind = CInt(SOCK_SEQPACKET.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { return State() }
        let requests = FileDescriptor(rawValue: ends[1])
        // Reaps it. How it ends does not matter: the next run that is passed to it notices.
        let life = Task {
            _ = try? await Subprocess.run(
                .path("/proc/self/exe"), arguments: ["launch", "--spawner"], environment: .custom([:]),
                input: .fileDescriptor(requests, closeAfterSpawningProcess: true), output: .discarded,
                error: .discarded)
        }
        return State(socket: ends[0], life: life)
    }

    deinit {
        state.withLock { state in
            if state.socket >= 0 { close(state.socket) }
        }
    }
}
