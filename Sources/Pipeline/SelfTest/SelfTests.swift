package import Persistence
import Synchronization

/// What must still be seen of this machine's converters before jobs rely on them, and what was seen.
///
/// A tool's jobs wait until its tests are over, so that nothing is promised that was not tried.
package final class SelfTests: Sendable {
    private let tests: SelfTestRunner
    private let store: SelfTestStore
    private let version: String
    private let telemetry: Telemetry
    private let state = Mutex(State())

    private var catalogue: Catalogue { tests.catalogue }

    private struct State {
        /// By the tool's name.
        var waiting: [String: [SelfTestCase]] = [:]
        var running: [String: Int] = [:]
        /// The error of each case that is over; `nil` inside: it passed.
        var seen: [SelfTestCase: String?] = [:]

        mutating func giveUp(_ converter: String, on tool: String, _ message: String?) {
            let rest = waiting[tool, default: []].filter { $0.converter.name == converter }
            for test in rest { seen[test] = .some(message) }
            waiting[tool]?.removeAll { $0.converter.name == converter }
        }
    }

    package init(
        _ conversion: Conversion, _ store: Store, _ telemetry: Telemetry
    ) {
        tests = SelfTestRunner(conversion)
        self.store = store.selfTests
        version = store.version
        self.telemetry = telemetry
    }

    /// Lists what must be tried: all that was not seen before under the same circumstances.
    package func prepare(_ remembered: [SelfTest]) {
        state.withLock { state in
            for entry in catalogue.toolbox.entries {
                guard let tool = entry.tool else { continue }
                let circumstances = circumstances(of: tool)
                for test in entry.converter.selfTests {
                    let old = remembered.first { $0.isOf(test) && $0.circumstances == circumstances }
                    if let old {
                        state.seen[test] = .some(old.failure)
                    } else {
                        state.waiting[tool.tool.name, default: []].append(test)
                    }
                }
            }
        }
        judge()
    }

    /// Whether the tool's jobs may run.
    func isSettled(_ tool: String) -> Bool {
        state.withLock { $0.waiting[tool, default: []].isEmpty && $0.running[tool, default: 0] == 0 }
    }

    /// The next case for the tool; whoever takes it runs it.
    func next(for tool: String) -> SelfTestCase? {
        state.withLock { state in
            guard let test = state.waiting[tool]?.first else { return nil }
            state.waiting[tool]?.removeFirst()
            state.running[tool, default: 0] += 1
            return test
        }
    }

    /// Tries it, keeps what was seen, and tells the catalogue when that was the converter's last.
    func run(_ test: SelfTestCase) async {
        let tool = test.converter.tool.name
        let failure = await tests.failure(of: test)
        // Last of all: until then the tool's jobs wait.
        defer { state.withLock { $0.running[tool, default: 1] -= 1 } }
        // A stop says nothing of the tool.
        guard failure?.code != .interrupted else { return }
        let isOver = state.withLock { state in
            state.seen[test] = .some(failure?.message)
            // A tool that hangs once is not waited for again and again.
            if failure?.code == .timedOut { state.giveUp(test.converter.name, on: tool, failure?.message) }
            return !state.waiting[tool, default: []].contains { $0.converter.name == test.converter.name }
        }
        telemetry.tested(test, failure)
        if failure?.code.isOfTheMoment != true { await keep(test, failure) }
        if isOver { judge() }
    }

    /// Tries everything that waits, one case after the other, without permits: for whoever has the machine to himself.
    package func runAll(_ onCase: (String) -> Void) async {
        for tool in catalogue.toolbox.tools.map(\.tool.name) {
            while let test = next(for: tool) {
                onCase("\(test.converter.name): \(test.from) to \(test.to)")
                await run(test)
            }
        }
    }

    private func keep(_ test: SelfTestCase, _ failure: Failure?) async {
        guard let (_, tool) = catalogue.toolbox.entry(test.converter.name) else { return }
        do {
            try await store.keep(
                SelfTest(
                    converter: test.converter.name, fromFormat: test.from.name, toFormat: test.to.name,
                    circumstances: circumstances(of: tool), failure: failure?.message))
        } catch {
            telemetry.troubled("keep a self-test", error)
        }
    }

    private func circumstances(of tool: InstalledTool) -> SelfTest.Circumstances {
        SelfTest.Circumstances(
            toolVersion: tool.version, programTime: Access.modification(of: tool.program),
            sandbox: tests.runner.launcher.level, kilnVersion: version)
    }

    /// A format counts as read, or written, when one of its cases passed; as failed when all of them failed.
    private func judge() {
        let seen = state.withLock { $0.seen }
        catalogue.update { trust in
            for (test, failure) in seen.sorted(by: { $0.value != nil && $1.value == nil }) {
                let verdict = failure.map(Trust.Verdict.failed) ?? .passed
                trust.note(verdict, test.converter.name, .reading, test.from)
                trust.note(verdict, test.converter.name, .writing, test.to)
            }
        }
    }
}

extension Failure.Code {
    /// Whether it says more of the machine's load than of the tool: then the next start tries again.
    fileprivate var isOfTheMoment: Bool { [.timedOut, .outOfMemory, .diskFull, .internal].contains(self) }
}

extension SelfTest {
    fileprivate func isOf(_ test: SelfTestCase) -> Bool {
        converter == test.converter.name && fromFormat == test.from.name && toFormat == test.to.name
    }
}
