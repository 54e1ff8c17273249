import Persistence
import SystemPackage

/// Runs one tool at a time in its sandbox, through a launcher of its own that a spawner forks (see CLauncher).
///
/// The launcher holds a leash: when it is let go, by cancellation or by our death, the whole tree of the tool is killed. It
/// returns when nothing of that tree is left, and so does `run`.
package struct Launcher: Sendable {
    /// `nil` where there is none: then no tool is started.
    private let sandbox: Sandbox?
    /// The niceness of tools, 0...19, so that the server stays quick beside them.
    private let niceness: Int
    private let spawner = Spawner()
    /// One waits for each run; how many there are is for the permits to say.
    private let threads = BlockingPool(threads: 1024)

    package init(sandbox: Sandbox?, niceness: Int) {
        self.sandbox = sandbox
        self.niceness = niceness
    }

    /// How long a tool has between the polite signal and the final one.
    private static let grace = Duration.seconds(2)

    /// Makes the call. Never throws: what goes wrong is an outcome. A cancelled task ends the tool and gets `.stopped`.
    func run(_ call: ToolCall, in workspace: Workspace, limits: ToolLimits) async -> RunReport {
        guard let sandbox else { return RunReport(line: "outcome=sandbox") }
        let words = options(workspace, limits) + sandbox.command(call, in: workspace)
        // Without sockets there is no start, as without memory or processes.
        guard let link = try? Link() else { return RunReport(line: "outcome=spawn") }
        return await withTaskCancellationHandler {
            // Neither `carryOut` nor the pool throws; a call that cannot be prepared is not made.
            let report = try? await threads.run {
                try call.prepare(workspace)
                return carryOut(words, over: link)
            }
            return report ?? RunReport(line: "outcome=spawn")
        } onCancel: {
            link.letGo()
        }
    }

    /// Blocks until nothing of the tool is left.
    private func carryOut(_ words: [String], over link: Link) -> RunReport {
        guard link.handOver(spawner.pass) else { return RunReport(line: "outcome=spawn") }
        link.send(words)
        return RunReport(line: link.report())
    }

    private func options(_ workspace: Workspace, _ limits: ToolLimits) -> [String] {
        let seconds = limits.timeout.components.seconds
        return [
            "--log", workspace.log.string, "--log-limit", String(limits.log),
            "--wall", String(limits.timeout.milliseconds), "--grace", String(Self.grace.milliseconds),
            "--memory", String(limits.memory), "--cpu", String(max(1, seconds * 4)),
            "--file-size", String(limits.fileSize), "--open-files", "256", "--nice", String(niceness), "--bwrap", "--",
        ]
    }
}
