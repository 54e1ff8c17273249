import GRDB

/// The rows of blobs, a page at a time.
extension DatabaseReader {
    /// In the order of their keys. `body` runs between reads, so that none of them is long.
    func forEachBlob(_ body: (StoredBlob) throws -> Void) throws {
        var last = ""
        while true {
            let page = try read { [last] database in
                try Row.fetchAll(
                    database, sql: "SELECT key, size, sha256 FROM blob WHERE key > :last ORDER BY key LIMIT 500",
                    arguments: ["last": last]
                ).map { StoredBlob(key: $0["key"], size: $0["size"], sha256: $0["sha256"]) }
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
