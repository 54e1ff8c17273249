import Synchronization

/// A question to something that may be slow to answer, such as a disk. It is asked once for all who want to know, and nobody
/// waits longer than he can afford: the answer is kept for who comes later.
final class Inquiry<Answer: Sendable>: Sendable {
    typealias Ask = @Sendable (_ tell: @escaping @Sendable (Answer) -> Void) -> Void

    struct Told: Sendable {
        let answer: Answer
        /// How long the answer was awaited.
        let latency: Duration
        fileprivate let at: ContinuousClock.Instant
    }

    private let freshness: Duration
    private let ask: Ask
    private let state = Mutex(State())

    private struct State {
        var last: Told?
        /// Since when an answer is awaited.
        var asked: ContinuousClock.Instant?
        var waiting: [Int: AsyncStream<Never>.Continuation] = [:]
        var visitors = 0

        mutating func settle(_ told: Told) -> [AsyncStream<Never>.Continuation] {
            defer { waiting = [:] }
            (last, asked) = (told, nil)
            return Array(waiting.values)
        }
    }

    /// - Parameters:
    ///   - freshness: for how long an answer holds.
    ///   - ask: must return at once, and call `tell` once.
    init(freshness: Duration, ask: @escaping Ask) {
        self.freshness = freshness
        self.ask = ask
    }

    /// How many wait for an answer.
    var waiting: Int { state.withLock { $0.waiting.count } }

    /// `nil` when no answer is there in time.
    func told(within deadline: Duration) async -> Told? {
        let now = ContinuousClock.now
        let (end, button) = AsyncStream.makeStream(of: Never.self)
        let visit = state.withLock { state -> Visit in
            if let last = state.last, now - last.at <= freshness { return .isKnown(last) }
            state.visitors += 1
            state.waiting[state.visitors] = button
            defer { if state.asked == nil { state.asked = now } }
            return state.asked == nil ? .asks(state.visitors) : .waits(state.visitors)
        }
        switch visit {
        case .isKnown(let last): return last
        case .asks(let visitor):
            ask { [self] answer in take(answer, askedAt: now) }
            return await wait(for: end, visitor, deadline, since: now)
        case .waits(let visitor): return await wait(for: end, visitor, deadline, since: now)
        }
    }

    private enum Visit {
        case isKnown(Told)
        case asks(Int)
        case waits(Int)
    }

    private func take(_ answer: Answer, askedAt asked: ContinuousClock.Instant) {
        let now = ContinuousClock.now
        let told = Told(answer: answer, latency: now - asked, at: now)
        for waiting in state.withLock({ $0.settle(told) }) { waiting.finish() }
    }

    private func wait(
        for end: AsyncStream<Never>, _ visitor: Int, _ deadline: Duration, since start: ContinuousClock.Instant
    ) async -> Told? {
        await withTaskGroup { race in
            race.addTask { for await _ in end {} }
            // Ended early by the answer.
            race.addTask { try? await Task.sleep(for: deadline, clock: .continuous) }
            await race.next()
            race.cancelAll()
        }
        return state.withLock { state in
            state.waiting[visitor] = nil
            return state.last.flatMap { $0.at >= start ? $0 : nil }
        }
    }
}
