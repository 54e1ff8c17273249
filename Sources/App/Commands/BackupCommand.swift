import ArgumentParser
import Glibc
import Persistence
import SystemPackage

/// `kiln backup`: copies the data folder, while its server runs or while none does.
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy database and files to a folder from which they can be restored.",
        discussion: """
            The server may go on running. Files that are in the folder from the backup before are not copied again. The backup \
            counts once its manifest.json is in place; the one before it counts until then.

            EXIT CODES (sysexits.h):
             0 complete   1 complete but for files that are damaged: see kiln verify   66 no database
             69 the server cannot be reached   73 the folder cannot be used   78 settings that are not allowed
            """)

    @Argument(help: "The folder for the backup: a new one, an empty one, or that of an earlier backup.")
    var destination: String

    @ArgumentParser.Option(name: .customLong("settings"), help: "A file of settings. (default: .env, if there is one)")
    var file: String?

    func run() async throws {
        try await FolderCommand.run {
            let folder = try await FolderCommand.dataFolder("backup", file)
            let report = try await ReadingStore.look(at: folder, needsNewest: false) { store in
                let backup = try Backup(of: store, to: FilePath(destination), kiln: Version.current)
                return store.isAlone ? try await Self.alone(store, backup) : try await Self.beside(folder, backup)
            }
            Terminal.progress("")
            let record = report.record
            Terminal.say(
                "\(record.files) files and the database, \(record.bytes) bytes, \(report.copied) files of them new.")
            guard report.damaged.isEmpty else {
                Terminal.complain(
                    "\(record.damaged) files are missing or not as their rows say, and not in the backup: see kiln verify."
                )
                throw ExitCode.failure
            }
        }
    }

    private static func alone(_ store: ReadingStore, _ backup: Backup) async throws -> Backup.Report {
        let report = try await copy(backup)
        try store.note(report.record)
        return report
    }

    /// The server holds its files meanwhile.
    private static func beside(_ folder: FilePath, _ backup: Backup) async throws -> Backup.Report {
        let hold = ServerHold(on: folder)
        try hold.hold()
        let outcome = await withTaskGroup { group in
            group.addTask { await hold.keepHolding() }
            defer { group.cancelAll() }
            do {
                return Result<Backup.Report, any Error>.success(try await copy(backup))
            } catch {
                return .failure(error)
            }
        }
        let record = try? outcome.get().record
        if !hold.end(record) { Terminal.complain("The server could not be told that the backup is over.") }
        return try outcome.get()
    }

    private static func copy(_ backup: Backup) async throws -> Backup.Report {
        Terminal.progress("copying the database")
        return try await BlockingPool(threads: 1).run {
            try backup.run(progress: FolderCommand.count)
        }
    }
}
