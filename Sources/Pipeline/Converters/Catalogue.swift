import Persistence
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

    /// Plans a job, or says why that is impossible, what is possible, and what could be installed for it.
    package func plan(_ request: PlanRequest) throws(Refusal) -> Plan {
        do throws(Refusal) {
            return try planner.plan(request)
        } catch {
            guard error.kind == .noRoute, let missing = missing(for: request) else { throw error }
            throw Refusal(.noRoute, "\(error.sentence) It would be possible with \(missing), which is not installed.")
        }
    }

    /// The tools that are not here and without which there is no way.
    private func missing(for request: PlanRequest) -> String? {
        let all = Planner(toolbox.entries.map(\.converter))
        guard let route = all.route(from: request.source, to: request.target) else { return nil }
        let names = route.compactMap { step in
            step.converters.contains { toolbox.entry($0) != nil } ? nil : step.converters.joined(separator: " or ")
        }
        return names.isEmpty ? nil : names.joined(separator: " and ")
    }

    /// Takes in what the self-test has seen.
    func update(_ change: (inout Trust) -> Void) {
        let installed = toolbox.installed
        state.withLock { state in
            change(&state.trust)
            state.planner = Planner(installed, trust: state.trust)
        }
    }
}
