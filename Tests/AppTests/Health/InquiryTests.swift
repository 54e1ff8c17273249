import Synchronization
import TestSupport
import Testing

@testable import App

@Suite(.timeLimit(.minutes(5)))
struct InquiryTests {
    /// What is asked and not answered until the test says so.
    private final class Oracle: Sendable {
        typealias Tell = @Sendable (Int) -> Void
        private let open = Mutex<[Tell]>([])

        var asked: Int { open.withLock(\.count) }

        func ask(_ tell: @escaping Tell) {
            open.withLock { $0.append(tell) }
        }

        func answer(_ number: Int) {
            open.withLock(\.last)?(number)
        }
    }

    @Test func `many who ask at once are told the same answer to one question`() async throws {
        let oracle = Oracle()
        let inquiry = Inquiry<Int>(freshness: .zero) { oracle.ask($0) }
        let answers = try await withThrowingTaskGroup { group in
            for _ in 0..<20 { group.addTask { await inquiry.told(within: .seconds(60))?.answer } }
            try await eventually { inquiry.waiting == 20 }
            oracle.answer(7)
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers == Array(repeating: 7, count: 20) && oracle.asked == 1)
        #expect(inquiry.waiting == 0)
    }

    @Test func `nobody waits longer than he can afford`() async {
        let inquiry = Inquiry<Int>(freshness: .zero) { _ in }
        #expect(await inquiry.told(within: .milliseconds(20)) == nil)
    }

    @Test func `a question without an answer is not asked again`() async {
        let oracle = Oracle()
        let inquiry = Inquiry<Int>(freshness: .zero) { oracle.ask($0) }
        for _ in 0..<3 { _ = await inquiry.told(within: .milliseconds(1)) }
        #expect(oracle.asked == 1)
    }

    @Test func `an answer that comes too late is there for who comes next`() async {
        let oracle = Oracle()
        let inquiry = Inquiry<Int>(freshness: .seconds(3600)) { oracle.ask($0) }
        #expect(await inquiry.told(within: .milliseconds(1)) == nil)
        oracle.answer(5)
        #expect(await inquiry.told(within: .zero)?.answer == 5)
        #expect(oracle.asked == 1)
    }
}
