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
            let pictures = try database.pictures(of: id)
            let why = GivingUp(reason: "deleted", requestId: requestId, now: now)
            var ended: [Job.ID] = []
            var keys: [BlobKey] = []
            for picture in pictures where try database.cancel(picture.id, requestId, now) != nil {
                ended.append(picture.id)
            }
            for job in pictures + [job] {
                keys += try database.giveUp(.all, of: job, why).map(\.key)
                try database.noteDeletion(of: job, why)
            }
            return (.done(keys), ended)
        }
        ended.forEach { endings.announce($0) }
        return deletion
    }
}

extension Database {
    /// Once, however often it is asked for.
    fileprivate func noteDeletion(of job: Job, _ why: GivingUp) throws {
        let isNew = try run(
            "UPDATE job SET expiredAt = :now, retryable = 0 WHERE id = :job AND expiredAt IS NULL",
            ["job": job.id, "now": why.now])
        if isNew == 1 { try note(job, why) }
    }
}
