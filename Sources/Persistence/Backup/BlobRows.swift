import FoundationEssentials
import GRDB

/// The rows of blobs, a page at a time.
extension DatabaseReader {
    /// In the order of their keys, with the bytes of the small ones. `body` runs between reads, so that none of them is
    /// long.
    func forEachBlob(_ body: (StoredBlob) throws -> Void) throws {
        var last = ""
        // In an older schema all of them are files.
        let content =
            try read { try $0.tableExists("content") }
            ? "(SELECT bytes FROM content WHERE content.key = blob.key)" : "NULL"
        while true {
            let page = try read { [last] database in
                try Row.fetchAll(
                    database,
                    sql: """
                        SELECT key, size, sha256, \(content) AS content FROM blob WHERE key > :last ORDER BY key LIMIT 100
                        """, arguments: ["last": last]
                ).map { row in
                    let content: Data? = row["content"]
                    return StoredBlob(
                        key: row["key"], size: row["size"], sha256: row["sha256"], content: content.map { [UInt8]($0) })
                }
            }
            guard let newest = page.last else { return }
            for blob in page { try body(blob) }
            last = newest.key.rawValue
        }
    }
}

extension Database {
    func hasBlob(_ key: BlobKey) throws -> Bool {
        try Bool.fetchOne(
            cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM blob WHERE key = :key)"), arguments: ["key": key])
            ?? false
    }
}
