import ArgumentParser
import Glibc
import SystemPackage

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
        let settings = try await SettingsOptions(command: "tools", flags: [], file: file).read()
        let socket = LocalSocket(in: settings.dataDir)
        let answer: LocalSocket.Answer
        do {
            answer = try socket.ask(name == nil ? "GET" : "POST", path)
        } catch {
            Terminal.complain("No server can be reached at \(socket.path): \(error). Does it run, as this user?")
            throw ExitCode(EX_UNAVAILABLE)
        }
        guard answer.status == 200 else {
            Terminal.complain(answer.decoded(Complaint.self)?.detail ?? "The server answered with \(answer.status).")
            throw ExitCode(answer.status == 404 ? EX_USAGE : EX_SOFTWARE)
        }
        let tools = answer.decoded(List.self)?.tools ?? [answer.decoded(Tool.self)].compactMap(\.self)
        Terminal.say(tools.filter { $0.installed || name != nil }.map(\.line).joined(separator: "\n"))
    }

    private var path: String {
        guard let name else { return "/api/tools" }
        return "/api/tools/\(name)/\(action.rawValue)"
    }

    private struct List: Decodable { let tools: [Tool] }
    private struct Complaint: Decodable { let detail: String }

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
