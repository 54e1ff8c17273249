import GRDB

/// What became of a wish to delete a job's files.
package enum Deletion: Sendable {
    /// No row names these bytes any more: the caller deletes them.
    case done([BlobKey])
    /// The job has not ended.
    case active
}

extension JobStore {
    /// Gives up all files of a job that has ended, and of the pictures of its result. The rows stay, with the sizes and
    /// hashes of what was there. Bytes that another job has too are kept. Deleting twice changes nothing more.
    package func delete(_ id: Job.ID, requestId: String?, now: Instant = .now) async throws -> Deletion {
        let (deletion, ended) = try await writer.submit { database -> (Deletion, [Job.ID]) in
            guard let job = try database.job(id), job.status.isFinal else { return (.active, []) }
            let pictures = try database.all(Job.self, "SELECT * FROM job WHERE parentId = :id", ["id": id])
            var ended: [Job.ID] = []
            var keys: [BlobKey] = []
            for picture in pictures where try database.cancel(picture.id, requestId, now) != nil {
                ended.append(picture.id)
            }
            for job in pictures + [job] { keys += try database.giveUpFiles(of: job, requestId, now) }
            return (.done(keys), ended)
        }
        ended.forEach(endings.announce)
        return deletion
    }
}

extension Database {
    /// Returns the keys that no row names any more.
    fileprivate func giveUpFiles(of job: Job, _ requestId: String?, _ now: Instant) throws -> [BlobKey] {
        let keys = try all(
            Artifact.self, "SELECT * FROM artifact WHERE jobId = :job AND blobKey IS NOT NULL", ["job": job.id]
        ).compactMap(\.blobKey)
        try run(
            """
            UPDATE artifact SET goneSize = (SELECT size FROM blob WHERE key = blobKey),
                                goneSha256 = (SELECT sha256 FROM blob WHERE key = blobKey),
                                blobKey = NULL, expiredAt = :now
             WHERE jobId = :job AND blobKey IS NOT NULL
            """, ["job": job.id, "now": now])
        try noteDeletion(of: job, requestId, now)
        return try keys.filter { key in
            try run(
                """
                DELETE FROM blob WHERE key = :key AND NOT EXISTS (SELECT 1 FROM artifact WHERE blobKey = :key)
                """, ["key": key]) == 1
        }
    }

    /// Once, however often it is asked for.
    private func noteDeletion(of job: Job, _ requestId: String?, _ now: Instant) throws {
        let isNew = try run(
            "UPDATE job SET expiredAt = :now, retryable = 0 WHERE id = :job AND expiredAt IS NULL",
            ["job": job.id, "now": now])
        guard isNew == 1 else { return }
        try run(
            """
            INSERT INTO event (at, subjectKind, subjectId, client, requestId, reason)
            VALUES (:now, 'job', :job, :client, :requestId, 'deleted')
            """, ["job": job.id, "client": job.client, "requestId": requestId, "now": now])
    }
}
