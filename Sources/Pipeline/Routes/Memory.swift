import Synchronization

/// Answers that were worked out before. The same question has the same answer for ever.
final class Memory<Question: Hashable & Sendable, Answer: Sendable>: Sendable {
    private let answers = Mutex<[Question: Answer]>([:])

    func value(for question: Question, _ answer: () -> Answer) -> Answer {
        if let known = answers.withLock({ $0[question] }) { return known }
        let found = answer()
        answers.withLock { $0[question] = found }
        return found
    }
}
