import Glibc
import Persistence
import Subprocess
import SystemPackage

/// Runs one tool at a time in its sandbox, through our own binary executed again as `kiln launch` (see CLauncher).
///
/// The launcher holds a leash: when it is let go, by cancellation or by our death, the whole tree of the tool is killed. It
/// returns when nothing of that tree is left, and so does `run`.
package struct Launcher: Sendable {
    /// `nil` where there is none: then no tool is started.
    private let sandbox: Sandbox?
    /// The niceness of tools, 0...19, so that the server stays quick beside them.
    private let niceness: Int

    package init(sandbox: Sandbox?, niceness: Int) {
        self.sandbox = sandbox
        self.niceness = niceness
    }

    /// How long a tool has between the polite signal and the final one.
    private static let grace = Duration.seconds(2)

    /// Makes the call. Never throws: what goes wrong is an outcome. A cancelled task ends the tool and gets `.stopped`.
    func run(_ call: ToolCall, in workspace: Workspace, limits: ToolLimits) async -> RunReport {
        guard let sandbox else { return RunReport(line: "outcome=sandbox") }
        let command = sandbox.command(call, in: workspace)
        do {
            try call.prepare(workspace)
            let leash = try Pipe()
            let report = try Pipe()
            // Not a child: cancellation must reach the launcher by its leash, and the end of the tree be awaited.
            let run = Task {
                try await Subprocess.run(
                    .path("/proc/self/exe"), arguments: Arguments(options(workspace, limits) + command),
                    environment: .custom([:]),
                    input: .fileDescriptor(leash.takeReadEnd(), closeAfterSpawningProcess: true),
                    output: .fileDescriptor(report.takeWriteEnd(), closeAfterSpawningProcess: true),
                    error: .discarded)
            }
            try await withTaskCancellationHandler {
                _ = try await run.value
            } onCancel: {
                leash.letGo()
            }
            return RunReport(line: report.readAll())
        } catch {
            return RunReport(line: "outcome=spawn")
        }
    }

    private func options(_ workspace: Workspace, _ limits: ToolLimits) -> [String] {
        let seconds = limits.timeout.components.seconds
        return [
            "launch", "--log", workspace.log.string, "--log-limit", String(limits.log),
            "--wall", String(limits.timeout.milliseconds), "--grace", String(Self.grace.milliseconds),
            "--memory", String(limits.memory), "--cpu", String(max(1, seconds * 4)),
            "--file-size", String(limits.fileSize), "--open-files", "256", "--nice", String(niceness), "--bwrap", "--",
        ]
    }
}
