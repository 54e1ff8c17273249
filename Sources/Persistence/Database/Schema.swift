import GRDB
import Migrations

/// The database's version, and its way to the newest one.
enum Schema {
    /// "KILN" in ASCII, kept in the file's header (`PRAGMA application_id`): tells our databases from others.
    static let applicationId: Int32 = 0x4B49_4C4E

    static var newest: Int { Migration.all.map(\.version).max() ?? 0 }

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

    /// Refuses what is not ours, or newer than `newest`.
    static func version(of database: Database, knowing newest: Int) throws -> Int {
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
