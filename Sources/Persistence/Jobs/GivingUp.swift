import GRDB

/// Which files of a job are given up together.
enum Portion: String {
    case all
    /// What tools made, and what they said.
    case made
    case sources
}

/// Bytes that no row names any more: they are to be discarded.
package struct Unnamed: Hashable, Sendable {
    package let key: BlobKey
    package let size: Int64
}

/// Why files or rows are given up, in the audit trail.
struct GivingUp {
    let reason: String
    let requestId: String?
    let now: Instant
}

extension Database {
    /// The rows stay, with the sizes and hashes of what was there. Returns what no row names any more.
    func giveUp(_ portion: Portion, of job: Job, _ why: GivingUp) throws -> [Unnamed] {
        let keys = try blobKeys(of: job.id, portion)
        try run(
            """
            UPDATE artifact SET goneSize = (SELECT size FROM blob WHERE key = blobKey),
                                goneSha256 = (SELECT sha256 FROM blob WHERE key = blobKey),
                                blobKey = NULL, expiredAt = :now
             WHERE jobId = :job AND blobKey IS NOT NULL
               AND (:portion = 'all' OR (role = 'source') = (:portion = 'sources'))
            """, ["job": job.id, "portion": portion.rawValue, "now": why.now])
        return try unnamed(of: keys)
    }

    func blobKeys(of job: Job.ID, _ portion: Portion) throws -> [BlobKey] {
        try BlobKey.fetchAll(
            cachedStatement(
                sql: """
                    SELECT blobKey FROM artifact WHERE jobId = :job AND blobKey IS NOT NULL
                       AND (:portion = 'all' OR (role = 'source') = (:portion = 'sources'))
                    """), arguments: ["job": job, "portion": portion.rawValue])
    }

    /// Deletes the rows of those that no artifact names any more: their bytes are nobody's.
    func unnamed(of keys: [BlobKey]) throws -> [Unnamed] {
        try keys.compactMap { key in
            let size = try Int64.fetchOne(
                cachedStatement(
                    sql: """
                        DELETE FROM blob WHERE key = :key AND NOT EXISTS (SELECT 1 FROM artifact WHERE blobKey = :key)
                        RETURNING size
                        """), arguments: ["key": key])
            return size.map { Unnamed(key: key, size: $0) }
        }
    }

    /// A line of the audit trail about a job, for what is no transition.
    func note(_ job: Job, _ why: GivingUp) throws {
        try note(subject: "job", job.id.rawValue, why.reason, why.now, client: job.client, requestId: why.requestId)
    }

    /// The pictures of the job's result.
    func pictures(of job: Job.ID) throws -> [Job] {
        try all(Job.self, "SELECT * FROM job WHERE parentId = :id", ["id": job])
    }
}
