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
    /// JSON, as the row keeps it: most who read an artifact do not ask what was measured.
    let geometryText: String?
    package let verifiedBy: String?
    package let createdAt: Instant
    package let expiredAt: Instant?
    /// Of the blob, or of the bytes that were there.
    package let size: Int64?
    package let sha256: String?

    /// What was measured.
    package var geometry: Geometry? {
        // What is not ours to read is not known.
        geometryText.flatMap { try? Geometry(json: $0) }
    }

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
    init(_ new: NewArtifact, job: Job.ID, step: Int, attempt: Int, now: Instant) throws {
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
        geometryText = try new.geometry.map { try jsonText($0) }
        verifiedBy = new.verifiedBy
        createdAt = now
        expiredAt = nil
        size = new.blob.size
        sha256 = new.blob.sha256
    }
}

extension Artifact: RowRecord {
    /// All of them, each with what is known of its blob.
    static let select =
        "SELECT artifact.*, blob.size, blob.sha256 FROM artifact LEFT JOIN blob ON blob.key = artifact.blobKey"

    init(_ row: inout RowReader) throws {
        id = try row.next("id")
        jobId = try row.next("jobId")
        role = try row.next("role")
        step = try row.next("step")
        attempt = try row.next("attempt")
        name = try row.next("name")
        filename = try row.next("filename")
        format = try row.next("format")
        packaging = try row.next("packaging")
        blobKey = try row.next("blobKey")
        geometryText = try row.next("geometry")
        verifiedBy = try row.next("verifiedBy")
        createdAt = try row.next("createdAt")
        expiredAt = try row.next("expiredAt")
        let goneSize: Int64? = try row.next("goneSize")
        let goneSha256: String? = try row.next("goneSha256")
        size = try row.next("size") ?? goneSize
        sha256 = try row.next("sha256") ?? goneSha256
    }
}
extension Artifact.Role: DatabaseValueConvertible {}
extension Artifact.Packaging: DatabaseValueConvertible {}
