import ArgumentParser
import Glibc
import Persistence
import SystemPackage

/// `kiln verify`: looks at the whole data folder, and takes damaged files out of use where no server runs on it.
struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Look at the database, the audit trail and every file, and say what is wrong.",
        discussion: """
            Beside a running server it only tells. Where none runs, damaged files are moved into quarantine/ in the data folder, \
            and their jobs and the audit trail say so.

            EXIT CODES (sysexits.h):
             0 all is well   1 something is wrong, or was until now   66 no database   78 settings that are not allowed
            """)

    @Flag(help: "Go on without the newest transactions, where kiln.db-wal is lost or damaged.")
    var acceptLoss = false

    @ArgumentParser.Option(name: .customLong("settings"), help: "A file of settings. (default: .env, if there is one)")
    var file: String?

    func run() async throws {
        try await FolderCommand.run {
            let folder = try await FolderCommand.dataFolder("verify", file)
            let found = try await Inspection.run(on: folder, acceptsLoss: acceptLoss, progress: FolderCommand.count)
            Terminal.progress("")
            Terminal.say(Self.lines(of: found).joined(separator: "\n"))
            guard found.isSound else { throw ExitCode.failure }
        }
    }

    private static func lines(of found: Inspection) -> [String] {
        var lines = found.database.map { "database  \($0)" }
        if found.database.isEmpty {
            lines = [found.dangling == 0 ? "database  ok" : "database  \(found.dangling) rows refer to nothing"]
        } else {
            lines.append("Move the data folder away and bring back a backup with 'kiln restore'.")
        }
        switch found.walLoss {
        case .missing: lines.append("database  kiln.db-wal is missing, and with it the newest transactions")
        case .damaged(let hidden):
            lines.append(
                "database  kiln.db-wal is damaged, and \(hidden) transactions behind the damage cannot be read")
        case nil: break
        }
        if let chain = found.chain { lines.append("audit     \(AuditVerifyCommand.line(of: chain))") }
        lines.append("files     \(found.files), \(found.bytes) bytes, \(found.damaged.count) damaged")
        for damage in found.damaged {
            let jobs = damage.jobs.map(\.rawValue).joined(separator: ", ")
            lines.append("          \(damage.blob.key.rawValue) is \(damage.finding), of job \(jobs)")
        }
        if !found.damaged.isEmpty {
            lines.append(
                found.isRepaired
                    ? "Damaged files were moved into quarantine, and their jobs say so."
                    : "Stop the server and verify again to take them out of use.")
        }
        return lines
    }
}
