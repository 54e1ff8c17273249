package import Persistence
import Synchronization

/// Keeps jobs from tools that are broken.
///
/// A tool that fails job after job is given a sample that it could turn before. Only if it fails that too does its circuit
/// open: its jobs wait, and it is given the sample again now and then, until it turns it. Ten bad uploads never close
/// a tool for everybody.
package final class Circuits: Sendable {
    private let tests: SelfTestRunner
    private let telemetry: Telemetry
    private let state = Mutex<[String: Circuit]>([:])

    private let firstWait: Duration

    /// A tool that stays broken is given its sample this often.
    private static let longestWait = Duration.seconds(600)

    /// - Parameter firstWait: until a tool that was found broken is tried again; it doubles each time.
    package init(_ conversion: Conversion, _ telemetry: Telemetry, firstWait: Duration = .seconds(30)) {
        tests = SelfTestRunner(conversion)
        self.firstWait = firstWait
        self.telemetry = telemetry
    }

    /// The tools whose jobs wait, and since when.
    package var open: [String: Instant] {
        state.withLock { $0.compactMapValues(\.opening?.since) }
    }

    /// Whether jobs may have the tool.
    func isClosed(_ tool: String) -> Bool {
        state.withLock { $0[tool]?.opening == nil }
    }

    /// An attempt has ended.
    func note(_ claim: Claim, _ ending: Ending) {
        guard let step = claim.job.currentStep, let name = claim.job.converter,
            let converter = tests.catalogue.toolbox.entry(name)?.converter
        else { return }
        let tool = converter.tool.name
        if ending.output != nil {
            state.withLock { $0[tool]?.succeed() }
        } else if ending.failure?.code.mayBeOfTool == true {
            let test = test(of: converter, like: step)
            state.withLock { $0[tool, default: Circuit()].fail(test) }
        }
    }

    /// What it has been seen to do, if possible in the formats of the step; `nil` where there is no sample for it.
    private func test(of converter: Converter, like step: RouteStep) -> SelfTestCase? {
        let trust = tests.catalogue.trust
        let able = converter.selfTests.filter { test in
            if case .failed = trust.verdict(converter.name, from: test.from, to: test.to) { false } else { true }
        }
        return able.first { $0.from.name == step.from } ?? able.first { $0.to.name == step.to } ?? able.first
    }

    func wantsProbe(_ tool: String, now: ContinuousClock.Instant = .now) -> Bool {
        state.withLock { $0[tool]?.dueProbe(now) != nil }
    }

    /// The sample that the tool is to be given now; whoever takes it runs it.
    func nextProbe(for tool: String, now: ContinuousClock.Instant = .now) -> SelfTestCase? {
        state.withLock { $0[tool]?.takeProbe(now) }
    }

    /// Returns after how long the tool is to be given it again; `nil` when its jobs may run.
    func run(_ probe: SelfTestCase) async -> Duration? {
        let failure = await tests.failure(of: probe)
        let tool = probe.converter.tool.name
        let (wait, change) = state.withLock { state in
            state[tool, default: Circuit()].end(
                probe, isBroken: failure.map { $0.code.mayBeOfTool }, first: firstWait, longest: Self.longestWait)
        }
        if let change { telemetry.circuit(of: tool, isOpen: change, failure) }
        return wait
    }
}

/// What is thought of one tool.
private struct Circuit {
    /// Of jobs, one after the other.
    var failures = 0
    var probe: SelfTestCase?
    var isProbing = false
    var opening: Opening?

    struct Opening {
        let since: Instant
        let test: SelfTestCase
        var wait: Duration
        var dueAt: ContinuousClock.Instant
    }

    /// So many failures, one after the other, make a tool suspect.
    static let suspicious = 5

    mutating func fail(_ test: SelfTestCase?) {
        failures += 1
        guard failures >= Self.suspicious, opening == nil, !isProbing, let test else { return }
        failures = 0
        probe = test
    }

    mutating func succeed() {
        failures = 0
        probe = nil
    }

    func dueProbe(_ now: ContinuousClock.Instant) -> SelfTestCase? {
        guard !isProbing else { return nil }
        return probe ?? opening.flatMap { $0.dueAt <= now ? $0.test : nil }
    }

    mutating func takeProbe(_ now: ContinuousClock.Instant) -> SelfTestCase? {
        guard let test = dueProbe(now) else { return nil }
        probe = nil
        isProbing = true
        return test
    }

    /// - Parameter isBroken: `nil`: it passed; `false`: it failed for a reason that says nothing of the tool.
    /// - Returns: the wait for the next, and whether the circuit has opened or closed.
    mutating func end(
        _ test: SelfTestCase, isBroken: Bool?, first: Duration, longest: Duration
    ) -> (wait: Duration?, change: Bool?) {
        isProbing = false
        guard let isBroken else {
            defer { opening = nil }
            return (nil, opening == nil ? nil : false)
        }
        let wasOpen = opening != nil
        guard isBroken || wasOpen else { return (nil, nil) }
        let wait = opening.map { min($0.wait * 2, longest) } ?? first
        opening = Opening(since: opening?.since ?? .now, test: test, wait: wait, dueAt: .now + wait)
        return (wait, wasOpen ? nil : true)
    }
}

extension Failure.Code {
    /// Whether a broken tool could be the reason; a broken file may be one as well.
    fileprivate var mayBeOfTool: Bool {
        switch self {
        case .timedOut, .outOfMemory, .crashed, .toolFailed, .invalidInput, .emptyResult, .invalidResult, .toolMissing,
            .internal:
            true
        default: false
        }
    }
}
