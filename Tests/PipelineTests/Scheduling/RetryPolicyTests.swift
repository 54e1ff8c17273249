import Persistence
import Testing

@testable import Pipeline

struct RetryPolicyTests {
    private let policy = RetryPolicy(limit: 4, delay: .seconds(10), longest: .seconds(60))

    @Test(arguments: [
        (Failure.Code.rateLimited, 4), (.timedOut, 1), (.crashed, 1), (.internal, 1), (.toolFailed, 0),
        (.invalidInput, 0), (.emptyResult, 0), (.toolMissing, 0), (.outOfMemory, 0), (.unsafeReference, 0),
    ])
    func `how often it is tried again depends on the failure's class`(code: Failure.Code, times: Int) {
        let failure = Failure(code, "No.")
        #expect((0..<10).filter { policy.wait(after: failure, failures: $0) != nil } == Array(0..<times))
    }

    @Test func `each wait is a random part of one that doubles, up to the longest`() {
        let policy = RetryPolicy(limit: 100, delay: .seconds(10), longest: .seconds(60))
        let failure = Failure(.rateLimited, "Too many.")
        for (failures, ceiling) in [(0, 10), (1, 20), (2, 40), (3, 60), (99, 60)] {
            let waits = (0..<500).compactMap { _ in policy.wait(after: failure, failures: failures) }
            #expect(waits.count == 500)
            #expect(waits.allSatisfy { .zero <= $0 && $0 <= .seconds(ceiling) })
            // Of 500 even draws, none in the upper or the lower third has a chance of 10^-88.
            #expect(waits.contains { $0 > .seconds(ceiling) * 2 / 3 } && waits.contains { $0 < .seconds(ceiling) / 3 })
        }
    }

    @Test func `a full disk is waited for until the whole wait is over, and not a moment longer`() throws {
        let policy = RetryPolicy(limit: 0, delay: .seconds(10), longest: .seconds(60), diskWait: .seconds(100))
        var (waited, tries) = (Duration.zero, 0)
        while let wait = policy.wait(after: Failure(.diskFull, "Full."), failures: tries, waited: waited) {
            #expect(wait > .zero && wait <= .seconds(60))
            (waited, tries) = (waited + wait, tries + 1)
        }
        #expect(waited == .seconds(100) && tries > 1)
    }

    @Test(arguments: [(5, 5), (50, 50), (7200, 60)])
    func `a rate limit is waited for as long as was told, and no longer than anything`(told: Int, wait: Int) {
        let failure = Failure(.rateLimited, "Too many.", retryAfter: .seconds(told))
        #expect(policy.wait(after: failure, failures: 0) == .seconds(wait))
    }

    @Test func `without retries nothing is tried again`() {
        for code in Failure.Code.allCases {
            #expect(RetryPolicy.never.wait(after: Failure(code, "No."), failures: 0) == nil)
        }
    }

    @Test func `what is not the file's fault may be repeated by hand, and all that is tried again by itself is such`() {
        for code in Failure.Code.allCases where code.kind != .permanent { #expect(code.isCircumstance) }
    }
}
