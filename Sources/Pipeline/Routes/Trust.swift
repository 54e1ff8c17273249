/// What the self-test of this machine has seen: which converter reads and writes which format.
package struct Trust: Sendable {
    package enum Verdict: Hashable, Sendable {
        case passed
        /// Not seen yet, or never to be seen: there is no sample.
        case untested
        /// Why not, in a sentence.
        case failed(String)
    }

    package enum Direction: Hashable, Sendable { case reading, writing }

    private struct Key: Hashable {
        let converter: String
        let direction: Direction
        let format: Format
    }

    private var verdicts: [Key: Verdict] = [:]

    /// Nothing has been seen.
    package init() {}

    package mutating func note(_ verdict: Verdict, _ converter: String, _ direction: Direction, _ format: Format) {
        verdicts[Key(converter: converter, direction: direction, format: format)] = verdict
    }

    package func verdict(_ converter: String, _ direction: Direction, _ format: Format) -> Verdict {
        verdicts[Key(converter: converter, direction: direction, format: format)] ?? .untested
    }

    /// Of one step: it has failed when either half has, and passed when both have.
    package func verdict(_ converter: String, from source: Format, to target: Format) -> Verdict {
        let halves = [verdict(converter, .reading, source), verdict(converter, .writing, target)]
        for case .failed(let why) in halves { return .failed(why) }
        return halves.contains(.untested) ? .untested : .passed
    }
}
