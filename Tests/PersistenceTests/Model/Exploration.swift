import TestSupport
import Testing

@testable import Persistence

/// Goes through all states that can be reached, each once: rows in a real database in memory, moved by the store's own verbs.
final class Exploration {
    private let bounds: Bounds
    private let stage: Stage
    private var history: [Step] = []
    /// From where each state is reached, by their numbers.
    private var numbers: [String: Int] = [:]
    private var arrivals: [[Int]] = []
    private var ends: [Int] = []
    private var examples: [[Step]] = []

    var states: Int { numbers.count }

    init(_ bounds: Bounds) async throws {
        self.bounds = bounds
        stage = try await Stage()
    }

    func run() async throws {
        let world = World(boot: stage.firstBoot, left: bounds)
        let rows = try await stage.rows()
        _ = note(rows, world)
        try await explore(from: world, rows, 0)
    }

    private func explore(from world: World, _ rows: Rows, _ number: Int) async throws {
        let snapshot = try await stage.snapshot()
        var (isMoved, mark) = (false, rows.lastEvent)
        for step in Step.all {
            if isMoved { mark = try await stage.restore(snapshot) }
            var next = world
            isMoved = try await stage.take(step, &next, rows)
            guard isMoved else { continue }
            history.append(step)
            defer { history.removeLast() }
            let result = try await stage.rows()
            try await judge(result, next, since: rows, ends: stage.ends(since: mark))
            let (reached, isNew) = note(result, next)
            arrivals[reached].append(number)
            if isNew { try await explore(from: next, result, reached) }
        }
    }

    private func judge(_ rows: Rows, _ world: World, since before: Rows, ends: [String]) async throws {
        let laws = Laws(rows: rows, world: world) { [history] in String(describing: history) }
        laws.hold()
        laws.hold(since: before, ends: ends)
        // Until the next start has put the rows in order, the claims of the dead stand in them; but the dead do nothing.
        guard world.phase != .down else { return }
        let changes = try await stage.changes()
        for ghost in world.ghosts {
            let verdict = try await stage.haunt(ghost)
            #expect(verdict == .lost, "a claim that was lost was taken: \(history)")
        }
        #expect(try await stage.changes() == changes, "a claim that was lost changed something: \(history)")
    }

    private func note(_ rows: Rows, _ world: World) -> (number: Int, isNew: Bool) {
        let key = rows.key(world.boot) + " " + world.key(rows)
        if let number = numbers[key] { return (number, false) }
        numbers[key] = arrivals.count
        if rows.jobs.count >= 2, rows.jobs.allSatisfy(\.job.status.isFinal) { ends.append(arrivals.count) }
        examples.append(history)
        arrivals.append([])
        return (arrivals.count - 1, true)
    }

    /// How one comes to states from which no end of all jobs can be reached: walked back from the ends, they are what is left.
    var stuck: [[Step]] {
        var isReached = Array(repeating: false, count: arrivals.count)
        var open = ends
        while let state = open.popLast() {
            guard !isReached[state] else { continue }
            isReached[state] = true
            open += arrivals[state]
        }
        return examples.indices.filter { !isReached[$0] }.prefix(3).map { examples[$0] }
    }
}
