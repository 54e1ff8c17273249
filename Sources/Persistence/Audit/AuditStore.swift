import FoundationEssentials
import GRDB

/// The verbs that change the audit trail: sealing what has gathered, and pruning what is old.
package struct AuditStore: Sendable {
    let writer: Writer
    let reader: Readers
    /// How many events a seal takes at most: bounds how long the writer is kept busy by pruning them.
    var segmentSize = 512

    /// The verbs that only look.
    package var trail: AuditTrail { AuditTrail(reader: reader) }

    /// Seals what is not sealed yet, batch after batch. The events are hashed on a reading connection, since they never
    /// change; the writer only inserts the seal, if it still continues the chain.
    ///
    /// - Parameter most: how many seals are made at most; the rest is for the next time.
    /// - Returns: how many were made.
    @discardableResult
    package func seal(atMost most: Int = 1000, now: Instant = .now) async throws -> Int {
        var made = 0
        while made < most, let draft = try await draft() {
            guard try await writer.submit({ try $0.insert(draft, now) }) else { break }
            made += 1
        }
        return made
    }

    /// Deletes whole sealed segments, oldest first, as far as all events of each are older than `moment`. The newest pruned
    /// seal is kept: the chain hangs on it. Each segment goes in a transaction of its own and leaves an event.
    ///
    /// - Returns: how many events were deleted.
    @discardableResult
    package func prune(olderThan moment: Instant, atMost most: Int = 1000, now: Instant = .now) async throws -> Int {
        var deleted = 0
        for _ in 0..<most {
            let count = try await writer.submit { try $0.pruneOldestSegment(olderThan: moment, now) }
            guard count > 0 else { break }
            deleted += count
        }
        return deleted
    }

    /// A seal that is computed and not in its row yet.
    fileprivate struct Draft: Sendable {
        let previous: Int64
        let first, last: Int64
        let oldest, newest: Instant
        let sha256: String
        let marks: Data
    }

    private func draft() async throws -> Draft? {
        try await reader.read { [segmentSize] in try $0.draft(of: segmentSize) }
    }
}

extension Database {
    fileprivate func draft(of size: Int) throws -> AuditStore.Draft? {
        let previous = try newestSeal()
        let rows = try Row.fetchAll(
            cachedStatement(
                sql: "SELECT \(SegmentHash.columns) FROM event WHERE id > :last ORDER BY id LIMIT :size"),
            arguments: ["last": previous?.lastEvent ?? 0, "size": size])
        guard let first = rows.first, let last = rows.last else { return nil }
        var hash = SegmentHash(after: previous?.sha256 ?? SegmentHash.none)
        var oldest: Instant = first["at"]
        var newest = oldest
        for row in rows {
            hash.add(row)
            oldest = min(oldest, row["at"])
            newest = max(newest, row["at"])
        }
        return AuditStore.Draft(
            previous: previous?.id ?? 0, first: first["id"], last: last["id"], oldest: oldest, newest: newest,
            sha256: hash.text, marks: Data(hash.marks))
    }

    /// `false` when somebody else has sealed meanwhile.
    fileprivate func insert(_ draft: AuditStore.Draft, _ now: Instant) throws -> Bool {
        try run(
            """
            INSERT INTO seal (firstEvent, lastEvent, sha256, sealedAt, oldestAt, newestAt, marks)
            SELECT :first, :last, :sha256, :now, :oldest, :newest, :marks
             WHERE coalesce((SELECT max(id) FROM seal), 0) = :previous
            """,
            [
                "first": draft.first, "last": draft.last, "sha256": draft.sha256, "now": now, "oldest": draft.oldest,
                "newest": draft.newest, "marks": draft.marks, "previous": draft.previous,
            ]) == 1
    }

    fileprivate func pruneOldestSegment(olderThan moment: Instant, _ now: Instant) throws -> Int {
        let oldest = try first(Seal.self, "SELECT * FROM seal WHERE prunedAt IS NULL ORDER BY id LIMIT 1")
        guard let seal = oldest, seal.newestAt < moment else { return 0 }
        try run("UPDATE seal SET prunedAt = :now WHERE id = :id", ["id": seal.id, "now": now])
        let count = try run(
            "DELETE FROM event WHERE id BETWEEN :first AND :last", ["first": seal.firstEvent, "last": seal.lastEvent])
        try run("DELETE FROM seal WHERE id < :id", ["id": seal.id])
        try note(
            subject: "audit", "\(seal.id)", "pruned", now,
            details: [
                "events": "\(count)", "firstEvent": "\(seal.firstEvent)", "lastEvent": "\(seal.lastEvent)",
                "sha256": seal.sha256,
            ])
        return max(1, count)
    }
}
