import GRDB

@testable import Persistence

/// The rows of one moment, to come back to. The audit trail is not among them: it only grows.
///
/// Cheaper by far than a copy of the database, after which SQLite reads the whole schema anew.
struct Snapshot {
    private static let tables = ["boot", "blob", "job", "attempt", "artifact", "share", "tally"]
    private let rows: [[StatementArguments]]

    init(of database: Database) throws {
        rows = try Self.tables.map { table in
            try Row.fetchAll(database.cachedStatement(sql: "SELECT * FROM \(table)"))
                .map { StatementArguments($0.databaseValues) }
        }
    }

    func restore(in database: Database) throws {
        try database.inTransaction {
            try database.execute(sql: "PRAGMA defer_foreign_keys = ON")
            for table in Self.tables { try database.run("DELETE FROM \(table)") }
            for (table, rows) in zip(Self.tables, rows) {
                // The trigger counts jobs as they come.
                if table == "tally" { try database.run("DELETE FROM tally") }
                let columns = try database.columns(in: table).count
                let places = repeatElement("?", count: columns).joined(separator: ", ")
                for row in rows { try database.run("INSERT INTO \(table) VALUES (\(places))", row) }
            }
            return .commit
        }
    }
}
