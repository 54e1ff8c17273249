import Glibc
import Persistence
import Synchronization

/// Whether the machine has what one more run of a tool needs: the memory that the tool usually takes, by its own history,
/// and a load that is not too high already.
package final class Headroom: Sendable {
    private let mostLoad: Double?
    private let memory: @Sendable () -> MachineMemory?
    private let state: Mutex<State>

    /// What is less is never waited for, in bytes.
    private static let heavy: Int64 = 256 << 20
    /// A run that is younger may not have taken yet what it will.
    private static let young = Duration.seconds(10)
    /// How soon to look again, and how long a tool is held back while nothing of ours runs that could make room.
    static let pause = Duration.seconds(2)
    private static let patience = Duration.seconds(60)

    fileprivate struct State {
        var histories: [String: [Int64]] = [:]
        var runs: [(tool: String, since: ContinuousClock.Instant)] = []
        /// Since when a tool is held back that has nobody of ours to wait for.
        var heldBack: [String: ContinuousClock.Instant] = [:]
        /// When somebody looks again.
        var alarm: ContinuousClock.Instant?
    }

    /// - Parameters:
    ///   - mostLoad: processes that want to run, for each core, above which no tool starts; `nil`: however many.
    ///   - histories: the peak memory of the newest runs by the tool's name, in bytes.
    package init(
        mostLoad: Double? = nil, histories: [String: [Int64]] = [:],
        memory: @escaping @Sendable () -> MachineMemory? = { MachineMemory.read() }
    ) {
        self.mostLoad = mostLoad
        self.memory = memory
        state = Mutex(State(histories: histories))
    }

    /// Nine of ten runs need no more than this, in bytes.
    package func usual(_ tool: String) -> Int64 {
        state.withLock { Self.usual($0.histories[tool] ?? []) }
    }

    private static func usual(_ history: [Int64]) -> Int64 {
        history.isEmpty ? 0 : history.sorted()[(history.count * 9 - 1) / 10]
    }

    func isThere(for tool: String, now: ContinuousClock.Instant = .now) -> Bool {
        let need = usual(tool)
        let memory = need >= Self.heavy ? self.memory() : nil
        let isLoaded = mostLoad.map { Self.load > $0 } ?? false
        return state.withLock { state in
            let isShort =
                memory.map { memory in
                    let promised = state.runs.filter { now - $0.since < Self.young }
                        .reduce(Int64(0)) { $0 + Self.usual(state.histories[$1.tool] ?? []) }
                    return min(need, memory.total / 10 * 8) > memory.available - promised
                } ?? false
            guard isShort || isLoaded else {
                state.heldBack[tool] = nil
                return true
            }
            return state.mayGoAhead(tool, after: Self.patience, now)
        }
    }

    /// Whether the caller is the one who sees to it that somebody looks again after a pause.
    func takeAlarm(now: ContinuousClock.Instant = .now) -> Bool {
        state.withLock { state in
            if let alarm = state.alarm, alarm > now { return false }
            state.alarm = now + Self.pause
            return true
        }
    }

    /// A run of the tool begins.
    func enter(_ tool: String) {
        state.withLock { state in
            state.runs.append((tool, .now))
            state.heldBack[tool] = nil
        }
    }

    /// A run has ended; `nil` where it is not known what it took.
    func leave(_ tool: String, peakMemoryBytes: Int64?) {
        state.withLock { state in
            if let index = state.runs.firstIndex(where: { $0.tool == tool }) { state.runs.remove(at: index) }
            guard let peakMemoryBytes else { return }
            let history = state.histories[tool, default: []] + [peakMemoryBytes]
            state.histories[tool] = history.suffix(JobStore.peaksOfTool)
        }
    }

    /// Of the last minute, for each core.
    private static var load: Double {
        var average = 0.0
        guard getloadavg(&average, 1) == 1 else { return 0 }
        return average / Double(max(1, sysconf(CInt(_SC_NPROCESSORS_ONLN))))
    }
}

extension Headroom.State {
    /// Where nothing of ours runs there is nobody to wait for, and others may never make room.
    fileprivate mutating func mayGoAhead(
        _ tool: String, after patience: Duration, _ now: ContinuousClock.Instant
    ) -> Bool {
        guard runs.isEmpty else {
            heldBack[tool] = nil
            return false
        }
        let since = heldBack[tool] ?? now
        heldBack[tool] = since
        return now - since >= patience
    }
}
