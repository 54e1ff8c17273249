import FoundationEssentials
import GRDB

/// The bytes of small blobs, in the database.
extension Database {
    /// Durable with the transaction, in which the blob's row is made.
    func keep(_ content: [UInt8], of key: BlobKey) throws {
        try run("INSERT INTO content (key, bytes) VALUES (:key, :bytes)", ["key": key, "bytes": Data(content)])
    }

    /// Whether the blob's bytes are in the database.
    func hasContent(of key: BlobKey) throws -> Bool {
        try Bool.fetchOne(
            cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM content WHERE key = :key)"), arguments: ["key": key])
            ?? false
    }

    /// `nil` for a blob that is a file, or that is not there.
    func content(of key: BlobKey) throws -> [UInt8]? {
        try Data.fetchOne(
            cachedStatement(sql: "SELECT bytes FROM content WHERE key = :key"), arguments: ["key": key]
        ).map { [UInt8]($0) }
    }
}
