import ArgumentParser
import Glibc
import Persistence
import SystemPackage

/// `kiln audit`: verifies the audit trail and exports it, whether a server runs or not.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Verify or export the audit trail.",
        subcommands: [AuditVerifyCommand.self, AuditExportCommand.self])
}

/// `kiln audit verify`: walks the chain of seals and names the first broken event.
struct AuditVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Walk the chain of seals and name the first broken event.",
        discussion: """
            Keep the newest seal (ID:SHA256) that it tells somewhere else: a later --witness proves that nothing up to it was \
            written anew.

            EXIT CODES (sysexits.h):
             0 the chain holds   1 it is broken   66 no database   78 settings that are not allowed
            """)

    @ArgumentParser.Option(help: "A seal, as ID:SHA256, that must be in the chain.")
    var witness: String?

    @ArgumentParser.Option(name: .customLong("settings"), help: "A file of settings. (default: .env, if there is one)")
    var file: String?

    func validate() throws {
        guard witness == nil || witness.flatMap({ SealName($0) }) != nil else {
            throw ValidationError("A witness is a seal as 'kiln audit verify' tells it: 12:f3a9...")
        }
    }

    func run() async throws {
        try await FolderCommand.run {
            let folder = try await FolderCommand.dataFolder("audit verify", file)
            let report = try await ReadingStore.look(at: folder) { store in
                try await store.trail.verify(witness: witness.flatMap { SealName($0) })
            }
            Terminal.say(Self.line(of: report))
            guard report.breakage == nil else { throw ExitCode.failure }
        }
    }

    static func line(of report: AuditReport) -> String {
        if let breakage = report.breakage {
            return "broken at \(breakage), after \(report.seals) seals that hold"
        }
        let head = report.head.map { ", newest seal \($0)" } ?? ""
        let anchor = report.anchor.map { ", begins behind the pruned seal \($0)" } ?? ""
        return "ok, \(report.seals) seals of \(report.events) events, \(report.unsealed) not sealed yet\(head)\(anchor)"
    }
}

/// `kiln audit export`: writes the trail to standard output.
struct AuditExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write the audit trail to standard output.",
        discussion: """
            EXIT CODES (sysexits.h):
             0 all was written   64 a time that cannot be read   66 no database   74 it could not be written
             78 settings that are not allowed
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument { case csv, jsonl }

    @ArgumentParser.Option(help: "The first moment, as 2026-11-21 (midnight UTC) or 2026-11-21T12:00:00Z.")
    var from: String?

    @ArgumentParser.Option(help: "The moment before which it ends.")
    var to: String?

    @ArgumentParser.Option(help: "csv, or jsonl: one JSON object on each line.")
    var format = Format.jsonl

    @ArgumentParser.Option(name: .customLong("settings"), help: "A file of settings. (default: .env, if there is one)")
    var file: String?

    func validate() throws {
        for text in [from, to].compactMap(\.self) where Instant(text) == nil {
            throw ValidationError("\"\(text)\" is no time, such as 2026-11-21 or 2026-11-21T12:00:00Z.")
        }
    }

    func run() async throws {
        try await FolderCommand.run {
            let folder = try await FolderCommand.dataFolder("audit export", file)
            let filter = AuditFilter(from: from.flatMap { Instant($0) }, to: to.flatMap { Instant($0) })
            try await ReadingStore.look(at: folder) { try await export($0.trail, filter) }
        }
    }

    /// Page by page: what it holds in memory does not grow with the trail.
    private func export(_ trail: AuditTrail, _ filter: AuditFilter) async throws {
        if format == .csv { try write(AuditTable.header) }
        var last: Int64 = 0
        while true {
            let page = try await trail.records(filter, after: last, limit: 500)
            guard let newest = page.last else { return }
            try write(page.map(line).joined())
            last = newest.event.id
        }
    }

    private func line(_ record: AuditRecord) -> String {
        switch format {
        case .csv: AuditTable.line(record)
        case .jsonl: AuditRecordView(record).json.text + "\n"
        }
    }

    private func write(_ text: String) throws {
        try FileDescriptor.standardOutput.writeAll(text.utf8)
    }
}
