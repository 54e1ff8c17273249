import ArgumentParser
import Glibc
import Persistence
import SystemPackage

/// `kiln restore`: brings a backup back into an empty data folder.
struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Bring a backup back into an empty data folder.",
        discussion: """
            Every file is verified against its hash. Nothing that is there is overwritten: the data folder (DATA_DIR) must be \
            empty, or new, or that of a restore that broke off.

            EXIT CODES (sysexits.h):
             0 all is back   1 all but files that are damaged in the backup   66 no complete backup
             69 a server runs on the data folder   73 the data folder is not empty, or cannot be written
             78 settings that are not allowed, or a database of a newer kiln
            """)

    @Argument(help: "The folder of the backup.")
    var source: String

    @ArgumentParser.Option(name: .customLong("settings"), help: "A file of settings. (default: .env, if there is one)")
    var file: String?

    func run() async throws {
        try await FolderCommand.run {
            let folder = try await FolderCommand.dataFolder("restore", file)
            let report = try Restoration(of: FilePath(source), into: folder).run(progress: FolderCommand.count)
            Terminal.progress("")
            Terminal.say(
                "As of \(report.madeAt): the database and \(report.files) files, \(report.bytes) bytes.")
            guard report.damaged.isEmpty else {
                Terminal.complain("\(report.damaged.count) files are damaged in the backup; their jobs say so.")
                throw ExitCode.failure
            }
        }
    }
}
