import Synchronization

/// The converters of this machine and what was seen of them, as of now: who plans or runs asks here.
package final class Catalogue: Sendable {
    package let toolbox: Toolbox
    private let state: Mutex<State>

    private struct State {
        var trust: Trust
        var planner: Planner
    }

    package init(_ toolbox: Toolbox, trust: Trust = Trust()) {
        self.toolbox = toolbox
        state = Mutex(State(trust: trust, planner: Planner(toolbox.installed, trust: trust)))
    }

    package var planner: Planner { state.withLock { $0.planner } }
    package var trust: Trust { state.withLock { $0.trust } }

    /// Takes in what the self-test has seen.
    func update(_ change: (inout Trust) -> Void) {
        let installed = toolbox.installed
        state.withLock { state in
            change(&state.trust)
            state.planner = Planner(installed, trust: state.trust)
        }
    }
}
