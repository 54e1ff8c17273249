import Persistence
import SystemPackage

/// Runs one tool at a time in its sandbox, through a launcher of its own that a spawner has forked (see CLauncher).
///
/// The launcher holds a leash: when it is let go, by cancellation or by our death, the whole tree of the tool is killed. It
/// returns when nothing of that tree is left, and so does `run`.
package struct Launcher: Sendable {
    /// `nil` where there is none: then no tool is started.
    let sandbox: Sandbox?
    /// The niceness of tools, 0...19, so that the server stays quick beside them.
    private let niceness: Int
    private let inputOutput: IOPriority
    private let spawner = Spawner()
    /// One for each session; how many there are is for the permits to say.
    private let threads = BlockingPool(threads: 1024)

    package init(sandbox: Sandbox?, niceness: Int, inputOutput: IOPriority = .normal) {
        self.sandbox = sandbox
        self.niceness = niceness
        self.inputOutput = inputOutput
    }

    /// How tools share the disk (ioprio_set(2)); only some schedulers of the kernel heed it.
    package enum IOPriority: String, CaseIterable, Sendable {
        case normal, low, idle

        /// A class in the bits from 13 on, a level below; 0: as the server.
        fileprivate var value: Int {
            switch self {
            case .normal: 0
            case .low: 2 << 13 | 7
            case .idle: 3 << 13
            }
        }
    }

    /// For the records of what was seen to work, and for people.
    var level: String { sandbox?.level.rawValue ?? "none" }

    /// How long a tool has between the polite signal and the final one.
    private static let grace = Duration.seconds(2)

    /// Runs `body`, which may block, on a thread of its own. The leash that it gets for its calls is let go when the task
    /// is cancelled.
    func session<Value: Sendable>(_ body: @escaping @Sendable (Leash) -> Value) async -> Value {
        let leash = Leash()
        return await withTaskCancellationHandler {
            await threads.run { body(leash) }
        } onCancel: {
            leash.letGo()
        }
    }

    /// A session of one call.
    func run(_ call: ToolCall, in workspace: Workspace, limits: ToolLimits) async -> RunReport {
        await session { run(call, in: workspace, limits: limits, $0) }
    }

    /// Makes the call, and blocks until nothing of the tool is left. Never throws: what goes wrong is an outcome. When the
    /// leash is let go, the tool is ended, and the outcome is `.stopped`.
    func run(_ call: ToolCall, in workspace: Workspace, limits: ToolLimits, _ leash: Leash) -> RunReport {
        guard let sandbox else { return RunReport(line: "outcome=sandbox") }
        let view = sandbox.view(of: call, in: workspace)
        do {
            try call.prepare(workspace, view)
            // Without sockets there is no start, as without memory or processes.
            guard let link = try spawner.launcher() else { return RunReport(line: "outcome=spawn") }
            let report = leash.hold(link) {
                link.send(options(workspace, limits) + sandbox.words(call, in: workspace))
                return RunReport(line: link.report())
            }
            if report.outcome == .exited { spawner.keep(link) }
            if !view.isOwn { view.tidy(workspace.log, call.inputs) }
            return report
        } catch {
            return RunReport(line: "outcome=spawn")
        }
    }

    private func options(_ workspace: Workspace, _ limits: ToolLimits) -> [String] {
        let seconds = limits.timeout.components.seconds
        return [
            "--log", workspace.log.string, "--log-limit", String(limits.log),
            "--wall", String(limits.timeout.milliseconds), "--grace", String(Self.grace.milliseconds),
            "--memory", String(limits.memory), "--cpu", String(max(1, seconds * 4)),
            "--file-size", String(limits.fileSize), "--open-files", "256", "--nice", String(niceness), "--io-priority",
            String(inputOutput.value),
            "--processes", String(limits.processes), "--output", String(limits.output),
        ]
    }
}
