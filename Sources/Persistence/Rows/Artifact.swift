import GRDB

/// A file's part in a job, together with its blob where the bytes are still kept.
package struct Artifact: Sendable, Identifiable {
    package typealias ID = Identifier<Artifact>

    package let id: ID
    package let jobId: Job.ID
    package let role: Role
    package let step: Int
    package let attempt: Int
    /// Of the root within a zip of several files; `nil` for the only file.
    package let name: String?
    package let filename: String?
    package let format: String?
    package let packaging: Packaging
    package let blobKey: BlobKey?
    package let geometry: Geometry?
    package let verifiedBy: String?
    package let createdAt: Instant
    package let expiredAt: Instant?
    /// Of the blob, or of the bytes that were there.
    package let size: Int64?
    package let sha256: String?

    package enum Role: String, Codable, Sendable {
        case source, intermediate, result, log, preview
    }

    package enum Packaging: String, Codable, Sendable {
        case file, zip
    }
}

/// An artifact that is about to be written: its blob is on disk already.
package struct NewArtifact: Sendable {
    package let role: Artifact.Role
    package let blob: StoredBlob
    /// Of the root, where the blob is a zip of several files.
    package let name: String?
    package let filename: String?
    package let format: String?
    package let packaging: Artifact.Packaging
    package let geometry: Geometry?
    package let verifiedBy: String?

    package init(
        role: Artifact.Role, blob: StoredBlob, name: String? = nil, filename: String? = nil, format: String? = nil,
        packaging: Artifact.Packaging = .file, geometry: Geometry? = nil, verifiedBy: String? = nil
    ) {
        self.role = role
        self.blob = blob
        self.name = name
        self.filename = filename
        self.format = format
        self.packaging = packaging
        self.geometry = geometry
        self.verifiedBy = verifiedBy
    }
}

extension Artifact {
    /// As its row will be.
    init(_ new: NewArtifact, job: Job.ID, step: Int, attempt: Int, now: Instant) {
        id = ID(at: now)
        jobId = job
        role = new.role
        self.step = step
        self.attempt = attempt
        name = new.name
        filename = new.filename
        format = new.format
        packaging = new.packaging
        blobKey = new.blob.key
        geometry = new.geometry
        verifiedBy = new.verifiedBy
        createdAt = now
        expiredAt = nil
        size = new.blob.size
        sha256 = new.blob.sha256
    }
}

extension Artifact: FetchableRecord {
    /// By hand: the synthesized decoder costs several times as much, for every row that is read.
    init(row: Row) throws {
        id = try row.decode(forColumn: "id")
        jobId = try row.decode(forColumn: "jobId")
        role = try row.decode(forColumn: "role")
        step = try row.decode(forColumn: "step")
        attempt = try row.decode(forColumn: "attempt")
        name = try row.decode(forColumn: "name")
        filename = try row.decode(forColumn: "filename")
        format = try row.decode(forColumn: "format")
        packaging = try row.decode(forColumn: "packaging")
        blobKey = try row.decode(forColumn: "blobKey")
        geometry = try row.json("geometry")
        verifiedBy = try row.decode(forColumn: "verifiedBy")
        createdAt = try row.decode(forColumn: "createdAt")
        expiredAt = try row.decode(forColumn: "expiredAt")
        size = try row.decode(forColumn: "size") ?? row.decode(forColumn: "goneSize")
        sha256 = try row.decode(forColumn: "sha256") ?? row.decode(forColumn: "goneSha256")
    }
}
extension Artifact.Role: DatabaseValueConvertible {}
extension Artifact.Packaging: DatabaseValueConvertible {}
