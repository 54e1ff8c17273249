import GRDB

/// The verbs of backups as a server remembers them.
package struct BackupStore: Sendable {
    let writer: Writer
    let reader: Readers

    /// The newest that was completed.
    package func last() async throws -> BackupRecord? {
        try await reader.read { try $0.lastBackup() }
    }

    package func note(_ record: BackupRecord, requestId: String?) async throws {
        try await writer.submit { try $0.note(record, requestId: requestId) }
    }
}

/// A completed backup: a row of `backup`.
package struct BackupRecord: Codable, Hashable, Sendable {
    /// What it holds is as of then.
    package let startedAt: Instant
    package let finishedAt: Instant
    package let files: Int
    /// Of files and database.
    package let bytes: Int64
    /// Files that could not be copied as their rows say.
    package let damaged: Int

    package init(startedAt: Instant, finishedAt: Instant, files: Int, bytes: Int64, damaged: Int) {
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.files = files
        self.bytes = bytes
        self.damaged = damaged
    }
}

extension BackupRecord: FetchableRecord {}

extension Database {
    func lastBackup() throws -> BackupRecord? {
        try first(BackupRecord.self, "SELECT * FROM backup ORDER BY id DESC LIMIT 1")
    }

    /// With an event.
    func note(_ record: BackupRecord, requestId: String?) throws {
        try run(
            """
            INSERT INTO backup (startedAt, finishedAt, files, bytes, damaged)
            VALUES (:startedAt, :finishedAt, :files, :bytes, :damaged)
            """,
            [
                "startedAt": record.startedAt, "finishedAt": record.finishedAt, "files": record.files,
                "bytes": record.bytes, "damaged": record.damaged,
            ])
        try note(
            subject: "backup", "data", "finished", record.finishedAt, client: "operator", requestId: requestId,
            details: [
                "files": "\(record.files)", "bytes": "\(record.bytes)", "damaged": "\(record.damaged)",
            ])
    }
}
