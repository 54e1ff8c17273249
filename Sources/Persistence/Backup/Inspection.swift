import GRDB
package import SystemPackage

/// A look at everything in a data folder: the database's pages, its references, the chain of seals, and every file against
/// its hash.
package struct Inspection: Sendable {
    /// What SQLite finds wrong with the database, at most 20 lines; none: it is sound.
    package internal(set) var database: [String] = []
    /// Rows that refer to rows that are not there.
    package internal(set) var dangling = 0
    /// `nil` when the database is too broken to tell.
    package internal(set) var chain: AuditReport?
    package internal(set) var files = 0
    package internal(set) var bytes: Int64 = 0
    package internal(set) var damaged: [Damage] = []
    /// `nil`: the newest transactions are there.
    package internal(set) var walLoss: WALLoss?
    /// Damaged files were taken out of use: no server was running.
    package internal(set) var isRepaired = false

    package var isSound: Bool {
        database.isEmpty && dangling == 0 && chain.map { $0.breakage == nil } == true && damaged.isEmpty
            && walLoss == nil
    }

    /// Looks, and where no server runs on the folder takes damaged files out of use. Blocks for as long as it takes to read
    /// everything.
    ///
    /// - Parameters:
    ///   - acceptsLoss: a WAL that is lost or damaged is noted as an event, and the server starts again.
    ///   - progress: told now and then how many files were looked at.
    /// - Throws: `DatabaseRefused`, or what the file system or SQLite says.
    package static func run(
        on root: FilePath, acceptsLoss: Bool = false, now: Instant = .now, progress: (Int) -> Void = { _ in }
    ) async throws -> Inspection {
        do {
            return try await ReadingStore.look(at: root) { store in
                var inspection = Inspection()
                inspection.walLoss = try await store.walLoss()
                try await inspection.look(at: store, progress)
                guard store.isAlone, inspection.database.isEmpty else { return inspection }
                try inspection.repair(store, acceptsLoss: acceptsLoss, now)
                return inspection
            }
        } catch DatabaseRefused.corrupt(let finding) {
            // SQLite cannot even open it.
            var inspection = Inspection()
            inspection.database = [finding]
            return inspection
        }
    }

    private mutating func look(at store: ReadingStore, _ progress: (Int) -> Void) async throws {
        database = try await store.reader.read { try $0.faults() }
        guard database.isEmpty else { return }
        dangling = try await store.reader.read { try $0.dangling() }
        chain = try await store.trail.verify()
        try lookAtFiles(of: store, progress)
    }

    private mutating func lookAtFiles(of store: ReadingStore, _ progress: (Int) -> Void) throws {
        try store.reader.forEachBlob { blob in
            files += 1
            bytes += blob.size
            progress(files)
            let path = store.folder.path(of: blob.key)
            let finding =
                try VerifiedCopy.look(atContentOf: blob)
                ?? VerifiedCopy.look(at: path, size: blob.size, sha256: blob.sha256)
            guard finding != .sound else { return }
            let jobs = try store.reader.read { database in
                // A running server may have deleted it since its row was read.
                try database.hasBlob(blob.key) ? database.jobs(with: blob.key) : nil
            }
            guard let jobs else { return }
            damaged.append(Damage(blob: blob, finding: finding == .missing ? .missing : .changed, jobs: jobs))
        }
    }

    /// The file first, then the rows: what is moved and still named is found missing the next time.
    private mutating func repair(_ store: ReadingStore, acceptsLoss: Bool, _ now: Instant) throws {
        let accepts = acceptsLoss && walLoss != nil
        guard !damaged.isEmpty || accepts else { return }
        for damage in damaged { try Quarantine(folder: store.folder).move(damage) }
        try store.change { [damaged] database in
            for damage in damaged { try database.giveUp(damage, now) }
            if accepts { try database.acceptLoss(now) }
        }
        isRepaired = true
        if accepts { walLoss = nil }
    }
}

extension Database {
    fileprivate func faults() throws -> [String] {
        do {
            return try String.fetchAll(self, sql: "PRAGMA integrity_check(20)").filter { $0 != "ok" }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CORRUPT {
            return [error.message ?? "malformed"]
        }
    }

    fileprivate func dangling() throws -> Int {
        try Int.fetchOne(self, sql: "SELECT count(*) FROM pragma_foreign_key_check") ?? 0
    }

    /// What is in the database is all there is, from now on.
    fileprivate func acceptLoss(_ now: Instant) throws {
        try run("UPDATE boot SET closedAt = :now WHERE closedAt IS NULL", ["now": now])
        try note(subject: "database", "kiln.db", "walLost", now, client: "operator")
    }
}
