import Synchronization

/// The right to run one process of a tool now: never more at a time than the tool's limit, nor than all tools' together.
package final class Permits: Sendable {
    private let most: Int
    private let limits: [String: Int]
    private let taken = Mutex<[String: Int]>([:])

    /// - Parameters:
    ///   - most: for all tools together (`MAX_CONCURRENT`).
    ///   - limits: by the tool's name; a tool without one gets no permit.
    package init(most: Int, limits: [String: Int]) {
        self.most = most
        self.limits = limits
    }

    /// Takes one for `tool`, or says that there is none now.
    func take(_ tool: String) -> Bool {
        taken.withLock { taken in
            guard taken.values.reduce(0, +) < most, taken[tool, default: 0] < limits[tool, default: 0] else {
                return false
            }
            taken[tool, default: 0] += 1
            return true
        }
    }

    /// Gives it back: once the tool's whole tree of processes is dead.
    func giveBack(_ tool: String) {
        taken.withLock { $0[tool, default: 1] -= 1 }
    }

    /// How many are in use, by the tool's name.
    package var inUse: [String: Int] {
        taken.withLock { $0 }
    }

    package func limit(of tool: String) -> Int {
        limits[tool, default: 0]
    }
}
