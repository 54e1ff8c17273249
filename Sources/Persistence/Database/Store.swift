import GRDB

/// Everything that survives a restart: the database and the files of one data folder, held by one server.
package struct Store: Sendable {
    package let folder: DataFolder
    package let writer: Writer
    package let jobs: JobStore
    package let selfTests: SelfTestStore
    package let pauses: PauseStore
    package let blobs: BlobStore
    package let clock: ClockStore
    package let upkeep: Upkeep
    package let ballast: Ballast
    package let faults: DiskFaults
    package let audit: AuditStore
    package let backups: BackupStore
    package let boot: Boot.ID
    /// Kiln's own.
    package let version: String

    /// How the database is opened.
    package struct Options: Sendable {
        /// Connections that read at the same time.
        package let readers: Int
        /// How long a connection waits for another process's lock.
        package let busyTimeout: Duration
        /// Files of at most so many bytes are kept in the database (`DB_FILE_SIZE`); 0: none.
        package let smallFile: Int
        /// Kiln's own version, for the audit trail.
        package let version: String
        /// Called on the writer's thread after each transaction: it must be quick.
        package let onCommit: @Sendable (Commit) -> Void

        package init(
            readers: Int = 4, busyTimeout: Duration = .seconds(5), smallFile: Int = 16 << 10, version: String,
            onCommit: @escaping @Sendable (Commit) -> Void = { _ in }
        ) {
            self.readers = readers
            self.busyTimeout = busyTimeout
            self.smallFile = smallFile
            self.version = version
            self.onCommit = onCommit
        }
    }

    /// Takes the folder's lock, brings the schema up to date and begins a new boot.
    ///
    /// - Throws: `DataFolderInUse`, `DatabaseRefused`, or what the file system or SQLite says.
    package static func open(_ folder: DataFolder, _ options: Options, now: Instant = .now) async throws -> Store {
        try folder.prepare()
        try DatabaseExamination(folder: folder, configuration: options.configuration).run()
        do {
            return try await openExamined(folder, options, now)
        } catch let error as DatabaseError {
            throw try DatabaseRefused(error, in: folder) ?? error
        }
    }

    private static func openExamined(_ folder: DataFolder, _ options: Options, _ now: Instant) async throws -> Store {
        let pool = try DatabasePool(path: folder.database, configuration: options.configuration)
        try await pool.writeWithoutTransaction { database in
            // GRDB sets NORMAL when it opens a pool: an acknowledged row must survive a power cut.
            try database.execute(sql: "PRAGMA synchronous = FULL")
            try database.execute(sql: "PRAGMA journal_size_limit = 67108864")
            // In pages. A busy queue writes the same few again and again: the fewer checkpoints, the less often for good.
            try database.execute(sql: "PRAGMA wal_autocheckpoint = 4000")
            // What undoes a savepoint is kept in memory: else each transaction makes, writes and deletes a file for it.
            try database.execute(sql: "PRAGMA temp_store = MEMORY")
            try Schema.migrate(database)
        }
        let ballast = Ballast(file: folder.ballast)
        let faults = DiskFaults()
        let writer = Writer(pool: pool, ballast: ballast, faults: faults, onCommit: options.onCommit)
        let readers = Readers(pool)
        let jobs = JobStore(writer: writer, reader: readers)
        let boot = Boot.ID(at: now)
        try await jobs.begin(boot, version: options.version, now: now)
        // From now on the database itself says that it is open, and not only its WAL; which begins anew, so that nothing
        // half-written of an earlier life stays in it. Who still reads from it, as a backup may, is not waited for.
        try await pool.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA busy_timeout = 0")
            _ = try Row.fetchOne(database, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
            try database.execute(sql: "PRAGMA busy_timeout = \(options.busyTimeout.milliseconds)")
        }
        return Store(
            folder: folder, writer: writer, jobs: jobs, selfTests: SelfTestStore(writer: writer, reader: readers),
            pauses: PauseStore(writer: writer, reader: readers),
            blobs: BlobStore(folder: folder, faults: faults, reader: readers, smallSize: options.smallFile),
            clock: ClockStore(writer: writer, reader: readers),
            upkeep: Upkeep(writer: writer, folder: folder), ballast: ballast, faults: faults,
            audit: AuditStore(writer: writer, reader: readers), backups: BackupStore(writer: writer, reader: readers),
            boot: boot, version: options.version)
    }
}

extension Store.Options {
    fileprivate var configuration: Configuration {
        var configuration = Configuration()
        configuration.maximumReaderCount = readers
        configuration.busyMode = .timeout(busyTimeout.seconds)
        configuration.persistentReadOnlyConnections = true
        configuration.prepareDatabase { database in
            database.keepWALFile()
            guard !database.configuration.readonly else { return }
            // Takes effect only on a database that is still empty: lets the file shrink in small steps later.
            try database.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL")
        }
        return configuration
    }
}
