import Synchronization

/// What keeps the tools of one piece of work running, one after the other: once it is let go, the tool that runs is
/// ended, and none is started any more.
package final class Leash: Sendable {
    private let state = Mutex<(link: Link?, isLetGo: Bool)>((nil, false))

    /// From any thread.
    func letGo() {
        state.withLock { state in
            state.isLetGo = true
            state.link?.letGo()
        }
    }

    /// Ties a run to it while `body` waits for its end.
    func hold<Value>(_ link: Link, _ body: () -> Value) -> Value {
        state.withLock { state in
            state.link = link
            if state.isLetGo { link.letGo() }
        }
        defer { state.withLock { $0.link = nil } }
        return body()
    }
}
