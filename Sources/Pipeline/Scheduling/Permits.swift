import Synchronization

/// The right to run one process of a tool now: never more at a time than the tool's limit, nor than all tools' together.
///
/// What comes after the tool, such as storing its result, needs none; but only so much of it may be left to do that tools
/// do not run ahead of the disk.
package final class Permits: Sendable {
    private let most: Int
    private let limits: [String: Int]
    private let state: Mutex<State>

    private struct State {
        /// By the tool's name.
        var taken: [String: Int] = [:]
        /// Attempts that have not ended, be their tools running or not.
        var attempts = 0
        var paused: Set<String>
    }

    /// - Parameters:
    ///   - most: for all tools together (`MAX_CONCURRENT`).
    ///   - limits: by the tool's name; a tool without one gets no permit.
    ///   - paused: tools that get none until they are resumed.
    package init(most: Int, limits: [String: Int], paused: Set<String> = []) {
        self.most = most
        self.limits = limits
        state = Mutex(State(paused: paused))
    }

    /// Takes one for `tool`; nil when there is none now.
    func take(_ tool: String) -> Permit? {
        let isFree = state.withLock { state in
            guard !state.paused.contains(tool), state.taken.values.reduce(0, +) < most,
                state.taken[tool, default: 0] < limits[tool, default: 0], state.attempts < most * 2
            else { return false }
            state.taken[tool, default: 0] += 1
            state.attempts += 1
            return true
        }
        return isFree ? Permit(tool, of: self) : nil
    }

    fileprivate func giveBack(_ tool: String) {
        state.withLock { $0.taken[tool, default: 1] -= 1 }
    }

    fileprivate func leave() {
        state.withLock { $0.attempts -= 1 }
    }

    /// Those that were taken stay.
    func pause(_ tool: String) {
        state.withLock { _ = $0.paused.insert(tool) }
    }

    func resume(_ tool: String) {
        state.withLock { _ = $0.paused.remove(tool) }
    }

    package func isPaused(_ tool: String) -> Bool {
        state.withLock { $0.paused.contains(tool) }
    }

    /// How many are in use, by the tool's name.
    package var inUse: [String: Int] {
        state.withLock { $0.taken }
    }

    package func limit(of tool: String) -> Int {
        limits[tool, default: 0]
    }
}

/// One of them, in the hand of an attempt.
final class Permit: Sendable {
    private let tool: String
    private let permits: Permits
    private let state = Mutex((isHeld: true, isOver: false))

    fileprivate init(_ tool: String, of permits: Permits) {
        self.tool = tool
        self.permits = permits
    }

    /// The attempt's whole tree of processes is dead, and it starts no more. May be said again.
    func giveBack() {
        let wasHeld = state.withLock { state in
            defer { state.isHeld = false }
            return state.isHeld
        }
        if wasHeld { permits.giveBack(tool) }
    }

    /// The attempt is over, its row written. May be said again.
    func end() {
        giveBack()
        let wasOver = state.withLock { state in
            defer { state.isOver = true }
            return state.isOver
        }
        if !wasOver { permits.leave() }
    }
}
