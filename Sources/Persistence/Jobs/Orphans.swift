import GRDB

// Bytes that nothing leads to any more. Law 1 leaves them behind where the server ends between a file and its row.

extension JobStore {
    /// Of these files, those whose bytes no row names, and whose job is not under way: nobody will ever name them.
    ///
    /// List the files first and ask then: a file that was in flight while it was listed has its row by now, or its job is
    /// still under way, or it has lost its claim.
    package func orphans(among keys: [BlobKey]) async throws -> [BlobKey] {
        guard !keys.isEmpty else { return [] }
        let list = try jsonText(keys.map(\.rawValue))
        return try await reader.read { database in
            try BlobKey.fetchAll(
                database.cachedStatement(
                    sql: """
                        SELECT value FROM json_each(:keys)
                         WHERE NOT EXISTS (SELECT 1 FROM blob WHERE key = value)
                           AND NOT EXISTS (SELECT 1 FROM job WHERE id = substr(value, 1, 36)
                                              AND status IN ('uploading', 'pending', 'running'))
                        """), arguments: ["keys": list])
        }
    }

    /// Of these jobs, those that are not uploading.
    package func notUploading(among ids: [String]) async throws -> [String] {
        guard !ids.isEmpty else { return [] }
        let list = try jsonText(ids)
        return try await reader.read { database in
            try String.fetchAll(
                database.cachedStatement(
                    sql: """
                        SELECT value FROM json_each(:ids)
                         WHERE NOT EXISTS (SELECT 1 FROM job WHERE id = value AND status = 'uploading')
                        """), arguments: ["ids": list])
        }
    }

    /// Deletes the rows of blobs that no artifact names, of those made before `time`, in a slice of the table.
    ///
    /// - Returns: the bytes to discard, and where the next slice begins; `nil` at the end.
    package func dropLooseBlobs(
        madeBefore time: Instant, after key: BlobKey? = nil, limit: Int = 500
    ) async throws -> (unnamed: [Unnamed], next: BlobKey?) {
        let slice = try await reader.read { database in
            try Row.fetchAll(
                database.cachedStatement(
                    sql: """
                        SELECT key, createdAt < :time AND NOT EXISTS (SELECT 1 FROM artifact WHERE blobKey = key)
                            AS isLoose FROM blob WHERE key > :after ORDER BY key LIMIT :limit
                        """), arguments: ["time": time, "after": key?.rawValue ?? "", "limit": limit]
            ).map { (key: $0["key"] as BlobKey, isLoose: $0["isLoose"] as Bool) }
        }
        let loose = slice.filter(\.isLoose).map(\.key)
        let unnamed = loose.isEmpty ? [] : try await writer.submit { try $0.unnamed(of: loose) }
        return (unnamed, slice.count == limit ? slice.last?.key : nil)
    }
}
