import GRDB
import Glibc
package import SystemPackage

/// A data folder that is only looked at, whether a server runs on it or not: nothing is migrated or recovered.
package struct ReadingStore: Sendable {
    package let folder: DataFolder
    package let trail: AuditTrail
    /// No server runs on the folder, and none can start while it is looked at.
    package let isAlone: Bool
    let reader: DatabaseQueue
    let version: Int
    /// Whether the WAL was there before we came.
    private let hadWAL: Bool
    /// Transactions in the WAL behind a damage; not looked for while a server writes to it.
    private let hiddenTransactions: Int

    /// Opens the folder's database for the time of `body`.
    ///
    /// - Parameter needsNewest: whether what is wanted is only in a database of this kiln's own schema.
    /// - Throws: `DatabaseRefused`, or what SQLite says.
    package static func look<Value>(
        at root: FilePath, needsNewest: Bool = true, _ body: (ReadingStore) async throws -> Value
    ) async throws -> Value {
        let folder = DataFolder(root)
        guard folder.databaseSize ?? 0 > 0 else { throw DatabaseRefused.missing }
        let isAlone = folder.isFree()
        let hadWAL = folder.hasWAL
        let hidden = isAlone ? try WALExamination.hiddenTransactions(in: folder.wal) : 0
        defer { if isAlone, !hadWAL { folder.removeEmptyWAL() } }
        do {
            let queue = try DatabaseQueue(path: folder.database, configuration: .reading)
            let version = try await queue.read { try Schema.version(of: $0, knowing: Schema.newest) }
            guard version == Schema.newest || !needsNewest else {
                throw DatabaseRefused.older(version: version, known: Schema.newest)
            }
            let store = ReadingStore(
                folder: folder, trail: AuditTrail(reader: Readers(queue)), isAlone: isAlone, reader: queue,
                version: version, hadWAL: hadWAL, hiddenTransactions: hidden)
            let value = try await body(store)
            try? queue.close()  // Fails only when `body` has closed it.
            return value
        } catch let error as DatabaseError {
            throw try DatabaseRefused(error, in: folder) ?? error
        }
    }

    /// What became of the newest transactions; `nil`: they are there.
    func walLoss() async throws -> WALLoss? {
        if hiddenTransactions > 0 { return .damaged(hidden: hiddenTransactions) }
        guard !hadWAL else { return nil }
        return try await reader.read { try $0.wasLeftOpen() } ? .missing : nil
    }

    /// Notes a backup in a folder that no server runs on; nothing is read any more then. A database of an older schema has
    /// no place for it.
    package func note(_ record: BackupRecord) throws {
        guard isAlone, version == Schema.newest else { return }
        try change { try $0.note(record, requestId: nil) }
    }

    /// Closes the reading connection, and writes with another one.
    func change<Value>(_ body: (Database) throws -> Value) throws -> Value {
        try reader.close()
        let queue = try DatabaseQueue(path: folder.database, configuration: .writing(keepsWAL: hadWAL))
        let value = try queue.write(body)
        // What a damage hides must not come behind what is written from now on.
        try queue.writeWithoutTransaction { _ = try Row.fetchOne($0, sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
        try queue.close()
        return value
    }
}

/// What became of the newest transactions, which were in the WAL.
package enum WALLoss: Hashable, Sendable {
    /// Somebody has taken it away.
    case missing
    /// It is damaged, and so many transactions are behind the damage.
    case damaged(hidden: Int)
}

extension DataFolder {
    /// Takes the lock if it can be had.
    fileprivate func isFree() -> Bool {
        do {
            try hold()
            return true
        } catch {
            return false
        }
    }

    var hasWAL: Bool { walSize != nil }

    /// What SQLite makes when a database is only looked at. That the WAL is missing must not be hidden by it. The caller
    /// has the lock and no connection.
    func removeEmptyWAL() {
        guard walSize == 0 else { return }
        unlink(wal.string)
        unlink(database + "-shm")
    }
}

extension Configuration {
    /// For another process than the server's: it waits for locks, and leaves the WAL where it is.
    static var reading: Configuration {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(30)
        configuration.prepareDatabase { $0.keepWALFile() }
        return configuration
    }

    /// For changes to a folder that no server runs on.
    static func writing(keepsWAL: Bool) -> Configuration {
        var configuration = Configuration()
        configuration.busyMode = .timeout(30)
        configuration.prepareDatabase { database in
            if keepsWAL { database.keepWALFile() }
            try database.execute(sql: "PRAGMA synchronous = FULL")
        }
        return configuration
    }
}
