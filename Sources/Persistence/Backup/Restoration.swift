import GRDB
package import SystemPackage

/// Brings a backup back into an empty data folder. Files first, the database last: it counts when that is renamed into
/// place, and one that broke off goes on where it was. All of it blocks.
package struct Restoration {
    private let source: FilePath
    private let folder: DataFolder
    private let manifest: Manifest

    /// What came of it.
    package struct Report: Sendable {
        /// When the backup was made, as its manifest says.
        package let madeAt: String
        package internal(set) var files = 0
        package internal(set) var bytes: Int64 = 0
        /// Files that the backup does not have as it should: their jobs say so.
        package internal(set) var damaged: [BlobKey] = []
    }

    /// - Throws: `BackupRefused`, `DataFolderInUse`.
    package init(of source: FilePath, into root: FilePath) throws {
        self.source = DataFolder(source).root
        folder = DataFolder(root)
        manifest = try Manifest.read(in: self.source)
        guard !self.source.starts(with: folder.root), !folder.root.starts(with: self.source) else {
            throw BackupRefused.inside
        }
        try folder.hold()
        try checkIsEmpty()
    }

    private var unfinished: FilePath { FilePath(folder.database + ".part") }

    /// What we have left ourselves, when we broke off, is fine.
    private func checkIsEmpty() throws {
        let names = Set(try Directory.names(in: folder.root)).subtracting(["lock", "lost+found"])
        let isBegun = names.contains("kiln.db.part") && !names.contains("kiln.db")
        guard names.isEmpty || isBegun else { throw BackupRefused.notEmpty }
    }

    /// - Parameter progress: told now and then how many files are back.
    /// - Throws: `BackupRefused`, `DatabaseRefused`, or what the file system or SQLite says.
    package func run(now: Instant = .now, progress: (Int) -> Void = { _ in }) throws -> Report {
        try bringDatabase()
        let queue = try DatabaseQueue(path: unfinished.string, configuration: .writing(keepsWAL: false))
        let version = try queue.read { try Schema.version(of: $0, knowing: Schema.newest) }
        var report = Report(madeAt: manifest.madeAt)
        try folder.makeFolders()
        try bringFiles(named: queue, &report, progress)
        try queue.write { [report] database in try note(report, in: database, version, now) }
        try queue.close()
        try Directory.place(unfinished, as: FilePath(folder.database))
        return report
    }

    private func bringDatabase() throws {
        try Directory.remove(FilePath(unfinished.string + "-journal"))
        let from = source.appending(manifest.database.name)
        let finding = try VerifiedCopy.copy(
            from, to: unfinished, size: manifest.database.size, sha256: manifest.database.sha256)
        guard finding == .sound else { throw BackupRefused.damagedDatabase }
    }

    private func bringFiles(named database: DatabaseQueue, _ report: inout Report, _ progress: (Int) -> Void) throws {
        try database.forEachBlob { blob in
            // A name out of a backup is not believed: it could lead anywhere.
            guard blob.key.isPlain else {
                report.damaged.append(blob.key)
                return
            }
            if let finding = VerifiedCopy.look(atContentOf: blob) {
                // Back with the database.
                if finding != .sound { report.damaged.append(blob.key) }
                return
            }
            let target = folder.path(of: blob.key)
            var finding = VerifiedCopy.Finding.sound
            if !VerifiedCopy.isThere(target, size: blob.size) {
                let from = source.appending("blobs").appending(blob.key.shard).appending(blob.key.rawValue)
                try folder.makeShard(of: blob.key)
                finding = try VerifiedCopy.copy(from, to: target, size: blob.size, sha256: blob.sha256)
            }
            if finding == .sound {
                report.files += 1
                report.bytes += blob.size
            } else {
                report.damaged.append(blob.key)
            }
            progress(report.files)
        }
        for shard in try Directory.names(in: folder.blobs) { try Directory.sync(folder.blobs.appending(shard)) }
    }

    /// What is missing is given up, and the trail tells that time was turned back. An old schema has no place for either
    /// before it is brought up to date; then what is missing is found by `kiln verify`.
    private func note(_ report: Report, in database: Database, _ version: Int, _ now: Instant) throws {
        guard version == Schema.newest else { return }
        for key in report.damaged {
            let row = try Row.fetchOne(database, sql: "SELECT * FROM blob WHERE key = ?", arguments: [key])
            guard let row else { continue }
            let blob = StoredBlob(key: key, size: row["size"], sha256: row["sha256"])
            try database.giveUp(Damage(blob: blob, finding: .missing, jobs: try database.jobs(with: key)), now)
        }
        // There is no WAL that could be missing.
        try database.run("UPDATE boot SET closedAt = :now WHERE closedAt IS NULL", ["now": now])
        try database.note(
            subject: "backup", "data", "restored", now, client: "operator",
            details: [
                "madeAt": manifest.madeAt, "files": "\(report.files)", "damaged": "\(report.damaged.count)",
            ])
    }
}
