/// One thing that can be wrong.
struct Check: Sendable {
    let name: String
    let state: State
    let weight: Weight
    let details: JSONObject

    enum State: String, Sendable {
        case ok
        /// Not known in time, which need not mean that it is wrong.
        case slow
        case failed
        /// Not there, and nobody said that it should be.
        case absent
    }

    enum Weight: Int, Sendable {
        /// Worth a look.
        case minor
        /// New jobs are better sent elsewhere.
        case needed
        /// Without it nothing can be done.
        case vital
    }

    init(_ name: String, _ state: State, _ weight: Weight = .minor, _ details: JSONObject = [:]) {
        (self.name, self.state, self.weight, self.details) = (name, state, weight, details)
    }

    init(_ name: String, isGood: Bool, _ weight: Weight = .minor, _ details: JSONObject = [:]) {
        self.init(name, isGood ? .ok : .failed, weight, details)
    }

    var isFailed: Bool { state == .failed }

    var json: JSONValue {
        var members: JSONObject = ["status": .string(state.rawValue)]
        for detail in details.members { members[detail.name] = detail.value }
        return .object(members)
    }
}
