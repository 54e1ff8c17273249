import GRDB
import Glibc
package import SystemPackage

/// A copy of a data folder from which it can be brought back, made while a server runs on it or while none does.
///
/// First the database, by `VACUUM INTO` from a reading connection; then every file that this copy names and that is not
/// there from a backup before. It counts from the moment when the manifest is renamed into place; the last backup counts
/// until then. Who makes it sees to it that nothing is deleted meanwhile (``DeletionHold``). All of it blocks.
package struct Backup: Sendable {
    private let source: ReadingStore
    private let destination: FilePath
    private let kiln: String

    /// What a backup came to.
    package struct Report: Sendable {
        package internal(set) var record: BackupRecord
        /// Files that were not there from before.
        package let copied: Int
        /// Files that are not in it, because they are not as their rows say.
        package let damaged: [BlobKey]
    }

    /// - Parameter kiln: the version of this one.
    package init(of source: ReadingStore, to destination: FilePath, kiln: String) throws {
        let place = DataFolder(destination).root
        let data = source.folder.root
        guard !place.starts(with: data), !data.starts(with: place) else { throw BackupRefused.inside }
        self.source = source
        self.destination = place
        self.kiln = kiln
    }

    /// - Parameter progress: told now and then how many files were looked at.
    package func run(now: Instant = .now, progress: (Int) -> Void = { _ in }) throws -> Report {
        try prepare()
        let database = try copyDatabase(now)
        let copy = try DatabaseQueue(path: destination.appending(database.name).string, configuration: .reading)
        let files = try copyFiles(named: copy, progress)
        let seal = source.version < Schema.newest ? nil : try copy.read { try $0.newestSeal()?.name }
        try Manifest(
            kiln: kiln, schema: source.version, madeAt: now.description, database: database, files: files.count,
            bytes: files.bytes, damaged: files.damaged.map(\.rawValue), seal: seal
        ).place(in: destination)
        try removeOld(keeping: database.name, copy)
        try copy.close()
        return Report(
            record: BackupRecord(
                startedAt: now, finishedAt: .now, files: files.count, bytes: files.bytes + database.size,
                damaged: files.damaged.count),
            copied: files.copied, damaged: files.damaged)
    }

    /// What is in the way of a backup must be one: things of others are neither overwritten nor removed.
    private func prepare() throws {
        try Directory.make(destination)
        let ours = try Directory.names(in: destination).allSatisfy { name in
            name == "blobs" || name.hasPrefix(Manifest.name) || Self.isDatabase(name) || name == "lost+found"
        }
        guard ours else { throw BackupRefused.notABackup }
        try Directory.make(destination.appending("blobs"))
    }

    private static func isDatabase(_ name: String) -> Bool {
        name.hasPrefix("kiln-") && (name.hasSuffix(".db") || name.contains(".db."))
    }

    private func copyDatabase(_ now: Instant) throws -> Manifest.File {
        var number = now.rawValue
        // Never the name of one that is there: it may be the one that counts.
        while access(destination.appending("kiln-\(number).db").string, F_OK) == 0 { number += 1 }
        let name = "kiln-\(number).db"
        let unfinished = destination.appending(name + ".part")
        try Directory.remove(unfinished)
        try source.reader.inDatabase { try $0.execute(sql: "VACUUM INTO ?", arguments: [unfinished.string]) }
        let (size, sha256) = try VerifiedCopy.describe(unfinished)
        try Directory.place(unfinished, as: destination.appending(name))
        return Manifest.File(name: name, size: size, sha256: sha256)
    }

    private struct Files {
        var count = 0, copied = 0
        var bytes: Int64 = 0
        var damaged: [BlobKey] = []
    }

    private func copyFiles(named database: DatabaseQueue, _ progress: (Int) -> Void) throws -> Files {
        var files = Files()
        var touched: Set<String> = []
        let blobs = destination.appending("blobs")
        try database.forEachBlob { blob in
            if let finding = VerifiedCopy.look(atContentOf: blob) {
                // Copied with the database.
                if finding != .sound { files.damaged.append(blob.key) }
                return
            }
            let shard = blobs.appending(blob.key.shard)
            let target = shard.appending(blob.key.rawValue)
            var finding = VerifiedCopy.Finding.sound
            if !VerifiedCopy.isThere(target, size: blob.size) {
                if touched.insert(blob.key.shard).inserted { try Directory.make(shard) }
                finding = try VerifiedCopy.copy(
                    source.folder.path(of: blob.key), to: target, size: blob.size, sha256: blob.sha256)
                files.copied += finding == .sound ? 1 : 0
            }
            if finding == .sound {
                files.count += 1
                files.bytes += blob.size
            } else {
                files.damaged.append(blob.key)
            }
            progress(files.count)
        }
        for shard in touched { try Directory.sync(blobs.appending(shard)) }
        try Directory.sync(blobs)
        try Directory.sync(destination)
        return files
    }

    /// The databases of earlier backups, and files that only those named.
    private func removeOld(keeping database: String, _ copy: DatabaseQueue) throws {
        for name in try Directory.names(in: destination) where Self.isDatabase(name) && name != database {
            try Directory.remove(destination.appending(name))
        }
        let blobs = destination.appending("blobs")
        for shard in try Directory.names(in: blobs) where shard.utf8.count == 2 {
            for name in try Directory.names(in: blobs.appending(shard)) {
                let isNamed = try copy.read { try $0.hasBlob(BlobKey(rawValue: name)) }
                if !isNamed { try Directory.remove(blobs.appending(shard).appending(name)) }
            }
        }
    }
}
