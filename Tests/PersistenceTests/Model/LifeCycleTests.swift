import Foundation
import TestSupport
import Testing

/// Long with `KILN_SOAK=1`.
private let isSoak = ProcessInfo.processInfo.environment["KILN_SOAK"] == "1"

/// The life cycle as a whole: every order in which its verbs can come, by the statements that the server itself uses.
@Suite(.timeLimit(.minutes(isSoak ? 600 : 10)))
struct LifeCycleTests {
    @Test(arguments: isSoak ? Bounds.long : Bounds.short)
    func `whatever happens in whatever order, no job is lost, doubled or stuck`(bounds: Bounds) async throws {
        let exploration = try await Exploration(bounds)
        try await exploration.run()
        #expect(exploration.states > 100, "\(exploration.states) states")
        #expect(exploration.stuck == [], "from here no end can be reached")
    }
}

/// How often things may happen within one history, so that there is an end to all histories.
struct Bounds: Hashable, Sendable, CustomTestStringConvertible {
    let title: String
    var crashes = 0
    var stops = 0
    var postponements = 0
    var cancels = 0
    var retries = 0
    /// Whether another converter takes over.
    var fallsBack = true

    static let short = [
        Bounds(title: "every ending", postponements: 1, cancels: 1),
        Bounds(title: "a retry by hand", cancels: 1, retries: 1),
        Bounds(title: "crashes, up to the limit", crashes: 3, fallsBack: false),
        Bounds(title: "a polite stop, and a crash in it", crashes: 1, stops: 1, fallsBack: false),
    ]

    static let long = [
        Bounds(title: "every ending, and a retry by hand", postponements: 2, cancels: 2, retries: 1),
        Bounds(title: "crashes, up to the limit", crashes: 3, postponements: 1, cancels: 1),
        Bounds(title: "polite stops, and a crash in one", crashes: 1, stops: 2, cancels: 1),
    ]

    var testDescription: String { title }
}
