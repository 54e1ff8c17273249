import GRDB
import Glibc
import SystemPackage

/// A file of a job that is not what its row says.
package struct Damage: Sendable {
    package let blob: StoredBlob
    package let finding: Finding
    /// Whose file it is.
    package let jobs: [Job.ID]

    package enum Finding: String, Sendable {
        case missing, changed
    }
}

/// Takes damaged files out of use: into `quarantine/` in the data folder, and out of the rows, with an event for each job.
struct Quarantine {
    let folder: DataFolder

    /// Moves the file, if there is one. Nothing is deleted: what is left of it may still be of use to somebody.
    func move(_ damage: Damage) throws {
        guard damage.finding == .changed else { return }
        try Directory.make(folder.quarantine)
        let target = folder.quarantine.appending(damage.blob.key.rawValue)
        if let content = damage.blob.content {
            try write(content, to: target)
        } else {
            let result = rename(folder.path(of: damage.blob.key).string, target.string)
            guard result == 0 || errno == ENOENT else { throw SystemError("move a file into quarantine") }
        }
        try Directory.sync(folder.quarantine)
    }

    /// What is in the database leaves it together with its row.
    private func write(_ content: [UInt8], to target: FilePath) throws {
        let file = try FileDescriptor.open(
            target, .writeOnly, options: [.create, .truncate, .noFollow, .closeOnExec], permissions: .ownerReadWrite)
        try file.closeAfter {
            try file.writeAll(content)
            guard fsync(file.rawValue) == 0 else { throw SystemError("sync a file in quarantine") }
        }
    }
}

extension Database {
    func jobs(with key: BlobKey) throws -> [Job.ID] {
        try Job.ID.fetchAll(
            cachedStatement(sql: "SELECT DISTINCT jobId FROM artifact WHERE blobKey = :key"), arguments: ["key": key])
    }

    /// The artifacts lose the bytes, and keep what is known of them; the jobs are told why.
    func giveUp(_ damage: Damage, _ now: Instant) throws {
        let blob = damage.blob
        try run(
            """
            UPDATE artifact SET goneSize = :size, goneSha256 = :sha256, blobKey = NULL, expiredAt = :now WHERE blobKey = :key
            """, ["key": blob.key, "size": blob.size, "sha256": blob.sha256, "now": now])
        try run("DELETE FROM blob WHERE key = :key", ["key": blob.key])
        for job in damage.jobs {
            try run(
                """
                UPDATE job SET retryable = 0 WHERE id = :job AND retryable = 1 AND NOT EXISTS
                    (SELECT 1 FROM artifact WHERE jobId = :job AND role = 'source' AND blobKey IS NOT NULL)
                """, ["job": job])
            try note(
                subject: "job", job.rawValue, "quarantined", now, client: "operator",
                details: ["file": blob.key.rawValue, "found": damage.finding.rawValue, "sha256": blob.sha256])
        }
    }
}
