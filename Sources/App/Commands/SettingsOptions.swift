import ArgumentParser
import Glibc
import SystemPackage

/// Where the settings of a command come from: its own flags, the environment, and a file.
struct SettingsOptions {
    let command: String
    let flags: [String]
    let file: String?

    /// Says all mistakes on standard error and ends with the exit code for them.
    func read() async throws -> Settings {
        try await readWithSources().settings
    }

    func readWithSources() async throws -> (settings: Settings, sources: [String: String]) {
        do throws(SettingsError) {
            return try await Settings.readWithSources(
                tools: Server.tools, flags: flags, file: file.map { FilePath($0) })
        } catch {
            Terminal.complain("kiln cannot start with these settings:\n\(error)\nSee 'kiln \(command) --help'.")
            throw ExitCode(error.usage.isEmpty ? EX_CONFIG : EX_USAGE)
        }
    }
}

/// What a command tells the person before it.
enum Terminal {
    static func complain(_ text: String) {
        write(text + "\n", to: .standardError)
    }

    static func say(_ text: String) {
        write(text + "\n", to: .standardOutput)
    }

    /// Progress that the next line takes the place of; nothing where nobody looks.
    static func progress(_ text: String) {
        guard isatty(STDERR_FILENO) == 1 else { return }
        write("\r\u{1B}[K" + text, to: .standardError)
    }

    private static func write(_ text: String, to descriptor: FileDescriptor) {
        // Who has closed the terminal does not want to know.
        _ = try? descriptor.writeAll(text.utf8)
    }
}
