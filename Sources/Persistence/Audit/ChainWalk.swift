import GRDB

/// A walk along the chain of seals, one seal with its events at a time.
struct ChainWalk: Sendable {
    private(set) var report = AuditReport()
    private(set) var isOver = false
    private let witness: SealName?
    /// The seal that was looked at last, and how far it reached.
    private var seal: Int64 = 0
    private var lastEvent: Int64 = 0
    private var sha256 = SegmentHash.none

    init(witness: SealName?) {
        self.witness = witness
    }

    mutating func step(in database: Database) throws {
        let next = try database.first(
            Seal.self, "SELECT * FROM seal WHERE id > :id ORDER BY id LIMIT 1", ["id": seal])
        guard let next else { return try checkTail(in: database) }
        if let witness, next.id == witness.id, next.sha256 != witness.sha256 { return fail(seal: next.id, .changed) }
        if next.prunedAt != nil { return try start(at: next, database) }
        guard next.id == seal + 1 else { return fail(seal: seal + 1, .missing) }
        guard next.firstEvent == lastEvent + 1 else { return fail(seal: next.id, .changed) }
        try check(next, in: database)
        if !isOver { pass(next) }
    }

    /// Behind what was pruned, which the trail itself must tell of.
    private mutating func start(at anchor: Seal, _ database: Database) throws {
        let note = try database.first(
            Event.self,
            """
            SELECT * FROM event WHERE subjectKind = 'audit' AND subjectId = :id AND reason = 'pruned' ORDER BY id DESC LIMIT 1
            """, ["id": "\(anchor.id)"])
        guard note?.details?.contains(anchor.sha256) == true else { return fail(seal: anchor.id, .changed) }
        report.anchor = anchor.name
        (report.seals, report.events) = (0, 0)
        moveOn(to: anchor)
    }

    private mutating func check(_ seal: Seal, in database: Database) throws {
        var hash = SegmentHash(after: sha256)
        var times: (oldest: Instant, newest: Instant)?
        var expected = seal.firstEvent
        var marks = seal.marks[...]
        let rows = try Row.fetchCursor(
            database.cachedStatement(
                sql: "SELECT \(SegmentHash.columns) FROM event WHERE id BETWEEN :first AND :last ORDER BY id"),
            arguments: ["first": seal.firstEvent, "last": seal.lastEvent])
        while let row = try rows.next() {
            guard row["id"] == expected else { return fail(seal: seal.id, event: expected, .missing) }
            let mark = hash.add(row)
            guard marks.prefix(SegmentHash.markSize).elementsEqual(mark) else {
                return fail(seal: seal.id, event: expected, .changed)
            }
            marks = marks.dropFirst(SegmentHash.markSize)
            let at: Instant = row["at"]
            times = (min(times?.oldest ?? at, at), max(times?.newest ?? at, at))
            expected += 1
        }
        guard expected == seal.lastEvent + 1 else { return fail(seal: seal.id, event: expected, .missing) }
        guard hash.text == seal.sha256, marks.isEmpty, times?.oldest == seal.oldestAt, times?.newest == seal.newestAt
        else { return fail(seal: seal.id, .changed) }
    }

    /// Events that are not sealed yet must follow each other up to the newest number that was ever given.
    private mutating func checkTail(in database: Database) throws {
        let (count, last) = try database.tail(after: lastEvent)
        let given = try database.numbersGiven(to: "event")
        report.unsealed = count
        if let witness, witness.id > seal { return fail(seal: witness.id, .missing) }
        guard try database.numbersGiven(to: "seal") <= seal else { return fail(seal: seal + 1, .missing) }
        if last - lastEvent != Int64(count) || given > last {
            let gap = try database.firstGap(after: lastEvent)
            return fail(seal: nil, event: gap, gap > given ? .added : .missing)
        }
        guard given == last else { return fail(seal: nil, event: last, .added) }
        isOver = true
    }

    private mutating func pass(_ next: Seal) {
        report.seals += 1
        report.events += Int(next.lastEvent - next.firstEvent + 1)
        moveOn(to: next)
    }

    private mutating func moveOn(to next: Seal) {
        report.head = next.name
        (seal, lastEvent, sha256) = (next.id, next.lastEvent, next.sha256)
    }

    private mutating func fail(seal: Int64?, event: Int64? = nil, _ what: AuditReport.Breakage.What) {
        report.breakage = AuditReport.Breakage(seal: seal, event: event, what: what)
        isOver = true
    }
}

extension Database {
    /// How many events there are after that one, and the last of them.
    fileprivate func tail(after event: Int64) throws -> (count: Int, last: Int64) {
        let row = try Row.fetchOne(
            self, sql: "SELECT count(*) AS count, max(id) AS last FROM event WHERE id > :event",
            arguments: ["event": event])
        return (row?["count"] ?? 0, row?["last"] ?? event)
    }

    fileprivate func firstGap(after event: Int64) throws -> Int64 {
        let gap = try Int64.fetchOne(
            self,
            sql: """
                SELECT id + 1 FROM (SELECT :event AS id UNION ALL SELECT id FROM event WHERE id > :event) AS before
                 WHERE NOT EXISTS (SELECT 1 FROM event WHERE id = before.id + 1) ORDER BY id LIMIT 1
                """, arguments: ["event": event])
        return gap ?? event + 1
    }

    /// The newest number that SQLite gave to a row of the table, also if the row is gone.
    fileprivate func numbersGiven(to table: String) throws -> Int64 {
        try Int64.fetchOne(
            self, sql: "SELECT seq FROM sqlite_sequence WHERE name = :table", arguments: ["table": table]) ?? 0
    }
}
