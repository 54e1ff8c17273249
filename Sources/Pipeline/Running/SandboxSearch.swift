import Persistence
package import SystemPackage

extension Sandbox {
    /// What the operator wants (`SANDBOX`).
    package enum Choice: String, CaseIterable, Sendable {
        /// The strongest level that works here.
        case auto
        case bubblewrap, landlock, off
    }

    /// What was found on this machine.
    package struct Finding: Sendable {
        /// `nil` where no wanted level works: then no tool is started.
        package let sandbox: Sandbox?
        /// What an operator should know, in sentences; `nil` when all is well.
        package let complaint: String?

        /// For people and for records.
        package var level: String { sandbox?.level.rawValue ?? "none" }
        /// Whether tools run, and are kept in.
        package var isGood: Bool { sandbox.map { $0.level != .off } ?? false }
    }

    /// Tries the wanted levels with a program of the system; the first in which it runs is taken.
    package static func choose(_ choice: Choice, searchPath: String, scratch: FilePath) async -> Finding {
        let groups = ControlGroups.find()
        if choice == .off {
            return Finding(sandbox: .off(groups: groups), complaint: "Tools run without a sandbox: SANDBOX is off.")
        }
        var complaints: [String] = []
        if choice != .landlock {
            let found = find(searchPath: searchPath, groups: groups)
            if let found, await found.works(in: scratch) { return Finding(sandbox: found, complaint: nil) }
            complaints.append(
                found == nil
                    ? "Bubblewrap is not installed (apt-get install bubblewrap)."
                    : "Bubblewrap is not allowed to make namespaces here.")
        }
        if choice != .bubblewrap {
            let own = landlock(groups: groups)
            if Confinement.isPossible, await own.works(in: scratch) { return Finding(sandbox: own, complaint: nil) }
            complaints.append("This kernel has no Landlock.")
        }
        let reasons = complaints.joined(separator: " ")
        return Finding(sandbox: nil, complaint: "No tool is run without a sandbox. \(reasons)")
    }

    /// Whether a program runs in it. A program that is there on every system: it does nothing.
    func works(in scratch: FilePath) async -> Bool {
        let workspace = Workspace(root: scratch.appending("sandbox.\(level.rawValue)"))
        defer { workspace.remove() }
        do throws(Failure) {
            try workspace.make()
        } catch {
            return false
        }
        let tool = Tool(name: "true", programs: [], limit: 1, versionArguments: nil, install: "")
        let call = ToolCall(
            InstalledTool(tool: tool, program: "/usr/bin/true", version: ""), Command([]), inputs: .nothing)
        let report = await Launcher(sandbox: self, niceness: 0).run(
            call, in: workspace, limits: ToolLimits(timeout: .seconds(30)))
        return report.outcome == .exited && report.code == 0
    }
}
