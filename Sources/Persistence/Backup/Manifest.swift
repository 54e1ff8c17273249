import FoundationEssentials
import SystemPackage

/// What makes a folder a complete backup: the file `manifest.json`, renamed into place when all it speaks of is there.
struct Manifest: Codable, Sendable {
    /// Of this file; a kiln that does not know it refuses the backup.
    var form = 1
    /// The kiln that made it.
    let kiln: String
    let schema: Int
    /// What it holds is as of then.
    let madeAt: String
    let database: File
    /// How many files of jobs, and their bytes.
    let files: Int
    let bytes: Int64
    /// Files whose bytes were not as their rows say; they are not in the backup.
    let damaged: [String]
    /// The newest seal of the audit trail.
    let seal: SealName?

    struct File: Codable, Sendable {
        let name: String
        let size: Int64
        let sha256: String
    }

    static let name = "manifest.json"
    /// More than any manifest with a sane number of damaged files has.
    private static let largest = 64 << 20

    /// - Throws: `BackupRefused.incomplete` when there is none that can be read.
    static func read(in folder: FilePath) throws -> Manifest {
        let path = folder.appending(name)
        guard let reader = try? BlobReader(path: path), reader.size <= largest,
            let manifest = try? JSONDecoder().decode(Manifest.self, from: Data(reader.readAll()))
        else { throw BackupRefused.incomplete }
        guard manifest.form == 1 else { throw BackupRefused.unknownForm(manifest.form) }
        guard FilePath.Component(manifest.database.name) != nil else { throw BackupRefused.incomplete }
        return manifest
    }

    /// Written, synced, renamed, the folder synced: from then on the backup is complete.
    func place(in folder: FilePath) throws {
        let unfinished = folder.appending(Self.name + ".part")
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        let bytes = try encoder.encode(self)
        let file = try FileDescriptor.open(
            unfinished, .writeOnly, options: [.create, .truncate, .closeOnExec], permissions: .ownerReadWrite)
        try file.closeAfter {
            _ = try file.writeAll(bytes)
        }
        try Directory.place(unfinished, as: folder.appending(Self.name))
    }
}

/// Why a backup is not made or brought back.
package enum BackupRefused: Error, Equatable, CustomStringConvertible {
    case incomplete
    case unknownForm(Int)
    case damagedDatabase
    case notEmpty
    case inside
    case notABackup

    package var description: String {
        switch self {
        case .incomplete: "There is no complete backup in this folder: it has no manifest.json that can be read."
        case .unknownForm(let form): "The backup is of form \(form), which a newer kiln has made."
        case .damagedDatabase: "The database in the backup is damaged: it is not what the manifest says."
        case .notEmpty:
            "The data folder is not empty. Move it away, or choose another with DATA_DIR: nothing in it is overwritten."
        case .inside: "The backup must not be inside the data folder, nor the other way round."
        case .notABackup: "The destination holds other things. Choose an empty folder, or one that does not exist."
        }
    }
}
