import GRDB

/// What is looked at before a database is opened for writing, which alone would make it a WAL database: nothing is changed
/// by looking, and what is refused is as it was.
struct DatabaseExamination {
    let folder: DataFolder
    let configuration: Configuration

    /// Up to this size, all pages are looked at (`PRAGMA quick_check`): some tenths of a second at most. Larger databases
    /// are for `kiln verify`, at a time of the operator's choice.
    private static let quickSize = 16 << 20

    /// - Throws: `DatabaseRefused`, or what the file system or SQLite says.
    func run() throws {
        guard let size = folder.databaseSize, size > 0 else {
            // SQLite would make a new one and throw the WAL away.
            guard folder.walSize ?? 0 == 0, try !folder.holdsBlobs() else { throw DatabaseRefused.lost }
            return
        }
        // Looked at first: opening the database makes the file.
        let hasWAL = folder.hasWAL
        let hidden = try WALExamination.hiddenTransactions(in: folder.wal)
        guard hidden == 0 else { throw DatabaseRefused.walDamaged(hidden: hidden) }
        defer { if !hasWAL { folder.removeEmptyWAL() } }
        do {
            try look(hasWAL: hasWAL)
        } catch let error as DatabaseError {
            throw try DatabaseRefused(error, in: folder) ?? error
        }
    }

    private func look(hasWAL: Bool) throws {
        var configuration = configuration
        configuration.readonly = true
        let queue = try DatabaseQueue(path: folder.database, configuration: configuration)
        defer { try? queue.close() }  // It can only be busy, and nobody else has it.
        try queue.read { database in
            _ = try Schema.version(of: database, knowing: Schema.newest)
            if !hasWAL, try database.wasLeftOpen() { throw DatabaseRefused.walLost }
            try Self.checkPages(of: database)
        }
    }

    private static func checkPages(of database: Database) throws {
        let size = try Int.fetchOne(
            database, sql: "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
        guard let size, size <= quickSize else { return }
        let finding = try String.fetchOne(database, sql: "PRAGMA quick_check(1)") ?? "ok"
        guard finding == "ok" else { throw DatabaseRefused.corrupt(finding) }
    }
}

extension DatabaseRefused {
    /// What an error of SQLite says of the database as a whole; `nil` when it says nothing.
    init?(_ error: DatabaseError, in folder: DataFolder) throws {
        switch error.resultCode {
        case .SQLITE_NOTADB:
            self = try folder.holdsBlobs() ? .corrupt("its head is not that of a database") : .foreign
        case .SQLITE_CORRUPT:
            self = .corrupt(error.message ?? "malformed")
        case .SQLITE_IOERR where error.extendedResultCode == .SQLITE_IOERR_SHORT_READ:
            self = .corrupt("it is shorter than it says")
        default:
            return nil
        }
    }
}

extension Database {
    /// Whether the newest life of the server did not close the database, as after a crash. Old schemas do not tell.
    func wasLeftOpen() throws -> Bool {
        let isTold = try Bool.fetchOne(
            self, sql: "SELECT EXISTS (SELECT 1 FROM pragma_table_info('boot') WHERE name = 'closedAt')")
        guard isTold == true, try String.fetchOne(self, sql: "PRAGMA journal_mode") == "wal" else { return false }
        return try Bool.fetchOne(self, sql: "SELECT closedAt IS NULL FROM boot ORDER BY rowid DESC LIMIT 1") ?? false
    }
}
