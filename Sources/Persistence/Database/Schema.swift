import GRDB
import Glibc
import Migrations

/// The database's version, and its way to the newest one.
enum Schema {
    /// "KILN" in ASCII, kept in the file's header (`PRAGMA application_id`): tells our databases from others.
    static let applicationId: Int32 = 0x4B49_4C4E

    static var newest: Int { Migration.all.map(\.version).max() ?? 0 }

    /// Refuses what is not ours, or newer than us, before it is opened for writing: that alone would make it a WAL database.
    static func examine(_ path: String, _ configuration: Configuration) throws {
        guard access(path, F_OK) == 0 else { return }
        var configuration = configuration
        configuration.readonly = true
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.read { _ = try version(of: $0, knowing: newest) }
            try queue.close()
        } catch let error as DatabaseError where error.resultCode == .SQLITE_NOTADB {
            throw DatabaseRefused.foreign
        }
    }

    /// Applies what is missing, in order and in one transaction: a failed upgrade leaves the database as it was.
    static func migrate(_ database: Database, with migrations: [Migration] = Migration.all) throws {
        let version = try version(of: database, knowing: migrations.map(\.version).max() ?? 0)
        try database.inTransaction(.immediate) {
            for migration in migrations where migration.version > version {
                try database.execute(sql: migration.sql)
                try database.execute(sql: "PRAGMA user_version = \(migration.version)")
            }
            try database.execute(sql: "PRAGMA application_id = \(applicationId)")
            return .commit
        }
    }

    private static func version(of database: Database, knowing newest: Int) throws -> Int {
        let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        let owner = try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
        guard owner == applicationId || (owner == 0 && version == 0 && tables == 0) else {
            throw DatabaseRefused.foreign
        }
        guard version <= newest else { throw DatabaseRefused.newer(version: version, known: newest) }
        return version
    }
}

/// Why a database is not opened.
package enum DatabaseRefused: Error, CustomStringConvertible {
    case newer(version: Int, known: Int)
    case foreign

    package var description: String {
        switch self {
        case .newer(let version, let known):
            "The database has schema \(version), but this kiln knows only up to \(known). "
                + "Start the newer kiln that wrote it, or restore a backup made before the upgrade."
        case .foreign:
            "kiln.db in the data folder is not a Kiln database. Choose another DATA_DIR, or move the file away."
        }
    }
}
