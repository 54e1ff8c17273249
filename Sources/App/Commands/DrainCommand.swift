import ArgumentParser

/// `kiln drain`: has the server that runs on the data folder take no new jobs, so that it can be stopped when it is done.
struct DrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drain",
        abstract: "Have the running server take no new jobs, before maintenance.",
        discussion: """
            Uploads are answered with 503 and /ready says degraded, so that they go elsewhere; jobs that are there are \
            worked off. It lasts until --off, or until the server is started again. Say it again to see how far it is.

            EXIT CODES (sysexits.h):
             69 no server runs on the data folder   78 settings that are not allowed
            """)

    @Flag(name: .customLong("off"), help: "Take jobs again.")
    var isOff = false

    @Flag(name: .customLong("status"), help: "Only show how far it is.")
    var isQuestion = false

    @ArgumentParser.Option(name: .customLong("settings"), help: "A file of settings. (default: .env, if there is one)")
    var file: String?

    func validate() throws {
        if isOff, isQuestion { throw ValidationError("Say either --off or --status.") }
    }

    func run() async throws {
        let state = try await RunningServer.ask(
            isQuestion ? "GET" : "POST", isOff ? "/api/resume" : "/api/drain", for: "drain", file, as: State.self)
        Terminal.say(state.line)
    }

    private struct State: Decodable {
        let drainingSince: String?
        let isDone: Bool
        let uploading, pending, running: Int

        var line: String {
            let jobs = "\(uploading) uploading, \(pending) pending, \(running) running"
            guard let drainingSince else { return "takes jobs: \(jobs)" }
            return "drained since \(drainingSince): \(isDone ? "nothing is left, it can be stopped" : jobs)"
        }
    }
}
