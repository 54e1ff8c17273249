import ArgumentParser

/// `kiln clock`: shows whether the running server believes its wall clock, and confirms that it is right, over its unix
/// socket.
struct ClockCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clock",
        abstract: "Show or confirm the wall clock of the running server.",
        discussion: """
            A server does not let anything expire while its wall clock is more than an hour from where it should be: after \
            it was turned, and at a start after more than an hour. It shows in /health, and is over once the clock is back \
            where it should be, or you have looked at it and say: kiln clock confirm

            EXIT CODES (sysexits.h):
             69 no server runs on the data folder   78 settings that are not allowed
            """)

    enum Action: String, CaseIterable, ExpressibleByArgument { case show, confirm }

    @Argument(help: "show or confirm.")
    var action = Action.show

    @ArgumentParser.Option(name: .customLong("settings"), help: "A file of settings. (default: .env, if there is one)")
    var file: String?

    func run() async throws {
        let isQuestion = action == .show
        let clock = try await RunningServer.ask(
            isQuestion ? "GET" : "POST", isQuestion ? "/api/clock" : "/api/clock/confirm", for: "clock", file,
            as: Clock.self)
        Terminal.say(clock.line)
    }

    private struct Clock: Decodable {
        let isBelieved: Bool
        let aheadSeconds: Int
        let now: String

        var line: String {
            guard !isBelieved else { return "\(now)  believed" }
            let way = aheadSeconds > 0 ? "ahead of" : "behind"
            return
                "\(now)  \(abs(aheadSeconds)) seconds \(way) where it should be: nothing expires until it is confirmed"
        }
    }
}
