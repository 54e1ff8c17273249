import ArgumentParser

/// `kiln tools`: shows, pauses and resumes the tools of the server that runs on the data folder, over its unix socket.
struct ToolsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tools",
        abstract: "Show, pause or resume the tools of the running server.",
        discussion: """
            A paused tool lets what runs end and starts nothing more, also after a restart; its jobs wait.

            EXIT CODES (sysexits.h):
             64 no such tool   69 no server runs on the data folder   78 settings that are not allowed
            """)

    enum Action: String, CaseIterable, ExpressibleByArgument { case list, pause, resume }

    @Argument(help: "list, pause or resume.")
    var action = Action.list

    @Argument(help: "The tool to pause or resume.")
    var name: String?

    @ArgumentParser.Option(name: .customLong("settings"), help: "A file of settings. (default: .env, if there is one)")
    var file: String?

    func validate() throws {
        let isPlain = name?.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) } ?? true
        guard (name == nil) == (action == .list), isPlain else {
            throw ValidationError("Say which tool, as in: kiln tools pause blender")
        }
    }

    func run() async throws {
        Terminal.say(try await tools().map(\.line).joined(separator: "\n"))
    }

    private func tools() async throws -> [Tool] {
        if let name {
            return [try await RunningServer.ask("POST", "/api/tools/\(name)/\(action.rawValue)", for: "tools", file)]
        }
        let list = try await RunningServer.ask("GET", "/api/tools", for: "tools", file, as: List.self)
        return list.tools.filter(\.installed)
    }

    private struct List: Decodable { let tools: [Tool] }

    private struct Tool: Decodable {
        let name: String
        let installed: Bool
        let limit, running, ready, waiting: Int
        let pausedAt: String?

        var line: String {
            let state = pausedAt.map { "paused since \($0)" } ?? "running \(running) of \(limit)"
            return "\(name)  \(state), \(ready) ready, \(waiting) waiting for a retry"
        }
    }
}
