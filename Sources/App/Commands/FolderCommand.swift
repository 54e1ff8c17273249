import ArgumentParser
import Glibc
import Persistence
import SystemPackage

/// What commands share that look after a data folder: its settings, and how its troubles are told.
enum FolderCommand {
    /// The data folder that the settings name. What is written from now on is for this user alone.
    static func dataFolder(_ command: String, _ file: String?) async throws -> FilePath {
        umask(0o077)
        return try await SettingsOptions(command: command, flags: [], file: file).read().dataDir
    }

    /// Runs the command; what stands in its way becomes a sentence and an exit code (sysexits.h).
    static func run(_ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch let error as ExitCode {
            throw error
        } catch {
            Terminal.progress("")
            let (sentence, code) = told(error)
            Terminal.complain(sentence)
            throw ExitCode(code)
        }
    }

    /// Shows how many files are done, now and then.
    static func count(_ files: Int) {
        if files % 100 == 0 { Terminal.progress("\(files) files") }
    }

    private static func told(_ error: any Error) -> (String, CInt) {
        switch error {
        case let error as DatabaseRefused:
            (error.description, error == .missing ? EX_NOINPUT : isDamage(error) ? EXIT_FAILURE : EX_CONFIG)
        case let error as BackupRefused:
            (error.description, isInput(error) ? EX_NOINPUT : EX_CANTCREAT)
        case let error as DataFolderInUse:
            (error.description, EX_UNAVAILABLE)
        case let error as ServerHold.Unreachable:
            (error.description, EX_UNAVAILABLE)
        default:
            ("It could not be done: \(error).", EX_IOERR)
        }
    }

    private static func isDamage(_ error: DatabaseRefused) -> Bool {
        switch error {
        case .corrupt, .lost, .walLost, .walDamaged: true
        case .newer, .older, .foreign, .missing: false
        }
    }

    private static func isInput(_ error: BackupRefused) -> Bool {
        switch error {
        case .incomplete, .unknownForm, .damagedDatabase: true
        case .notEmpty, .inside, .notABackup: false
        }
    }
}
