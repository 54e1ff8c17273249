import GRDB

/// What retention takes in one small transaction.
package struct Expiry: Sendable {
    /// How many jobs gave something up.
    package let jobs: Int
    /// The caller discards these bytes.
    package let unnamed: [Unnamed]
    /// Where to go on; `nil`: there is nothing more.
    package let next: Cursor?

    /// A place among the kept files, by age.
    package struct Cursor: Hashable, Sendable {
        let createdAt: Instant
        let id: Artifact.ID
    }
}

extension JobStore {
    /// Gives up what tools made and said, with the pictures of it, of jobs that ended before `time`; oldest first.
    ///
    /// A job under way keeps its files, as does one whose picture is being made. The row stays and says when. No file is
    /// younger than the end of its job, and so those that are still kept are walked along by their own age.
    ///
    /// - Parameters:
    ///   - forSpace: whether only files of their own count: what is in the database leaves no room on the disk.
    ///   - limit: of jobs that give something up.
    package func expireResults(
        endedBefore time: Instant, after cursor: Expiry.Cursor? = nil, forSpace: Bool = false, limit: Int = 32,
        now: Instant = .now
    ) async throws -> Expiry {
        try await expire(.made, time, cursor, forSpace, limit) { database, job in
            let pictures = try database.pictures(of: job.id)
            guard pictures.allSatisfy(\.status.isFinal) else { return nil }
            var unnamed = try database.expire(.made, of: job, "expired", now)
            for picture in pictures { unnamed += try database.expire(.all, of: picture, "expired", now) }
            return unnamed
        }
    }

    /// The same for what was uploaded: such a job cannot be repeated any more.
    package func expireSources(
        endedBefore time: Instant, after cursor: Expiry.Cursor? = nil, forSpace: Bool = false, limit: Int = 32,
        now: Instant = .now
    ) async throws -> Expiry {
        try await expire(.sources, time, cursor, forSpace, limit) { database, job in
            try database.expire(.sources, of: job, "sourceExpired", now)
        }
    }

    /// - Parameter giveUp: what no row names any more afterwards; `nil`: the job keeps its files for now.
    private func expire(
        _ portion: Portion, _ time: Instant, _ cursor: Expiry.Cursor?, _ forSpace: Bool, _ limit: Int,
        _ giveUp: @escaping @Sendable (Database, Job) throws -> [Unnamed]?
    ) async throws -> Expiry {
        // Many may be small ones that are passed over.
        let most = forSpace ? 500 : limit
        return try await writer.submit { database in
            let files = try database.keptFiles(portion, before: time, after: cursor, most)
            var unnamed: [Unnamed] = []
            var jobs: Set<Job.ID> = []
            var last: Artifact?
            for file in files where !jobs.contains(file.jobId) {
                if jobs.count == limit { break }
                last = file
                if forSpace, let key = file.blobKey, try database.hasContent(of: key) { continue }
                guard let job = try database.job(file.jobId), let ended = job.finishedAt, ended < time,
                    let gone = try giveUp(database, job)
                else { continue }
                unnamed += gone
                jobs.insert(job.id)
            }
            let isMore = files.count == most || jobs.count == limit
            return Expiry(
                jobs: jobs.count, unnamed: unnamed,
                next: isMore ? last.map { Expiry.Cursor(createdAt: $0.createdAt, id: $0.id) } : nil)
        }
    }

    /// Deletes jobs that ended before `time` with all their rows; only the audit trail remembers them.
    package func forget(endedBefore time: Instant, limit: Int = 32, now: Instant = .now) async throws -> Expiry {
        try await writer.submit { database in
            let jobs = try database.all(
                Job.self,
                "SELECT * FROM job WHERE finishedAt IS NOT NULL AND finishedAt < :time ORDER BY finishedAt LIMIT :limit",
                ["time": time, "limit": limit])
            var unnamed: [Unnamed] = []
            for job in jobs { unnamed += try database.forget(job, now) }
            return Expiry(jobs: jobs.count, unnamed: unnamed, next: nil)
        }
    }
}

extension Database {
    /// Literal, so that SQLite can use the partial indexes.
    private static func keptFilesSQL(_ portion: Portion) -> String {
        """
        \(Artifact.select)
         WHERE blobKey IS NOT NULL AND role \(portion == .sources ? "=" : "<>") 'source'
           AND artifact.createdAt < :before AND (artifact.createdAt, id) > (:at, :after)
         ORDER BY artifact.createdAt, id LIMIT :limit
        """
    }

    fileprivate func keptFiles(
        _ portion: Portion, before time: Instant, after cursor: Expiry.Cursor?, _ limit: Int
    ) throws -> [Artifact] {
        try all(
            Artifact.self, Self.keptFilesSQL(portion),
            [
                "before": time, "at": cursor?.createdAt ?? Instant(rawValue: .min), "after": cursor?.id.rawValue ?? "",
                "limit": limit,
            ])
    }

    /// With an event, where there was anything to give up. The job says that it has expired when its result has, or when
    /// nothing at all is left of it.
    fileprivate func expire(_ portion: Portion, of job: Job, _ reason: String, _ now: Instant) throws -> [Unnamed] {
        guard try !blobKeys(of: job.id, portion).isEmpty else { return [] }
        let why = GivingUp(reason: reason, requestId: nil, now: now)
        let unnamed = try giveUp(portion, of: job, why)
        if portion != .made { try run("UPDATE job SET retryable = 0 WHERE id = :job", ["job": job.id]) }
        try run(
            """
            UPDATE job SET expiredAt = :now
             WHERE id = :job AND expiredAt IS NULL AND NOT EXISTS
                (SELECT 1 FROM artifact WHERE jobId = :job AND blobKey IS NOT NULL
                    AND (job.status <> 'succeeded' OR role = 'result'))
            """, ["job": job.id, "now": now])
        try note(job, why)
        return unnamed
    }

    fileprivate func forget(_ job: Job, _ now: Instant) throws -> [Unnamed] {
        let keys = try blobKeys(of: job.id, .all)
        try note(job, GivingUp(reason: "forgotten", requestId: nil, now: now))
        for sql in [
            "DELETE FROM attempt WHERE jobId = :job", "DELETE FROM artifact WHERE jobId = :job",
            "DELETE FROM job WHERE id = :job",
        ] {
            try run(sql, ["job": job.id])
        }
        return try unnamed(of: keys)
    }
}
