import ArgumentParser
import Glibc

/// The server that runs on the data folder of the settings, as a command asks it over its unix socket.
enum RunningServer {
    /// What the server answers; anything but 200 ends the command with a sentence and an exit code (sysexits.h).
    ///
    /// - Parameter file: the file of settings, if one was named.
    static func ask<Answer: Decodable>(
        _ method: String, _ path: String, for command: String, _ file: String?, as type: Answer.Type = Answer.self
    ) async throws -> Answer {
        let settings = try await SettingsOptions(command: command, flags: [], file: file).read()
        let socket = LocalSocket(in: settings.dataDir)
        let answer: LocalSocket.Answer
        do {
            answer = try socket.ask(method, path)
        } catch {
            Terminal.complain("No server can be reached at \(socket.path): \(error). Does it run, as this user?")
            throw ExitCode(EX_UNAVAILABLE)
        }
        guard answer.status == 200, let value = answer.decoded(type) else {
            Terminal.complain(answer.decoded(Complaint.self)?.detail ?? "The server answered with \(answer.status).")
            throw ExitCode(answer.status == 404 ? EX_USAGE : EX_SOFTWARE)
        }
        return value
    }

    private struct Complaint: Decodable { let detail: String }
}
