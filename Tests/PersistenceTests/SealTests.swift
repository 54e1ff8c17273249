import GRDB
import SystemPackage
import TestSupport
import Testing

@testable import Persistence

/// The chain of seals over the audit trail.
struct SealTests {
    @Test func `every event is sealed once, in batches that follow each other`() async throws {
        try await withTrail(of: 10, sealedBy: 4) { store, audit in
            let seals = try await store.seals()
            #expect(seals.map { [$0.firstEvent, $0.lastEvent] } == [[1, 4], [5, 8], [9, 10]])
            #expect(try await audit.seal() == 0)
            let report = try await audit.trail.verify()
            #expect(report.breakage == nil && report.seals == 3 && report.events == 10 && report.unsealed == 0)
            #expect(report.head == seals.last?.name)
        }
    }

    @Test func `events that came since are counted, and sealed next time`() async throws {
        try await withTrail(of: 6, sealedBy: 4) { store, audit in
            _ = try await store.jobs.receive(.sample())
            #expect(try await audit.trail.verify().unsealed == 1)
            #expect(try await audit.seal() == 1)
            #expect(try await audit.trail.verify().events == 7)
        }
    }

    @Test func `an event that was changed is named`() async throws {
        try await withTrail(of: 10, sealedBy: 4) { store, audit in
            try await store.tamper("UPDATE event SET client = 'eve' WHERE id = 6")
            let report = try await audit.trail.verify()
            #expect(report.breakage == AuditReport.Breakage(seal: 2, event: 6, what: .changed))
            #expect(report.seals == 1)
        }
    }

    @Test func `an event that is missing is named, wherever it was`() async throws {
        for (event, seal) in [(1, 1), (6, 2), (10, 3), (11, nil), (12, nil)] as [(Int64, Int64?)] {
            try await withTrail(of: 10, sealedBy: 4) { store, audit in
                for _ in 0..<2 { _ = try await store.jobs.receive(.sample()) }
                try await store.tamper("DELETE FROM event WHERE id = \(event)")
                let breakage = try await audit.trail.verify().breakage
                #expect(breakage == AuditReport.Breakage(seal: seal, event: event, what: .missing))
            }
        }
    }

    @Test(arguments: [
        "UPDATE seal SET sha256 = replace(sha256, 'a', 'b') WHERE id = 2", "UPDATE seal SET newestAt = 5 WHERE id = 2",
        "UPDATE seal SET lastEvent = 7 WHERE id = 2", "DELETE FROM seal WHERE id = 2",
    ])
    func `a seal that was changed or is missing is named`(attack: String) async throws {
        try await withTrail(of: 10, sealedBy: 4) { store, audit in
            try await store.tamper(attack)
            let breakage = try #require(try await audit.trail.verify().breakage)
            #expect([2, 3].contains(breakage.seal))
        }
    }

    @Test func `whoever cuts the end off and begins a new one is found out by a seal kept elsewhere`() async throws {
        try await withTrail(of: 10, sealedBy: 4) { store, audit in
            let witness = try #require(try await audit.trail.head())
            #expect(try await audit.trail.verify(witness: witness).breakage == nil)
            try await store.tamper(
                """
                DELETE FROM seal WHERE id > 1; UPDATE event SET client = 'eve' WHERE id = 6;
                UPDATE sqlite_sequence SET seq = 1 WHERE name = 'seal'
                """)
            try await audit.seal()
            #expect(try await audit.trail.verify().breakage == nil)
            #expect(try await audit.trail.verify(witness: witness).breakage?.seal == 3)
        }
    }

    @Test(arguments: [
        "UPDATE seal SET sha256 = ''", "DELETE FROM seal",
        "INSERT INTO seal (firstEvent, lastEvent, sha256, sealedAt) VALUES (2, 3, '', 0)",
        "INSERT OR REPLACE INTO seal (id, firstEvent, lastEvent, sha256, sealedAt) VALUES (1, 11, 12, '', 0)",
    ])
    func `a seal is never changed, nor removed, nor put beside the chain`(attack: String) async throws {
        try await withTrail(of: 10, sealedBy: 4) { store, audit in
            await #expect(throws: DatabaseError.self) {
                try await store.writer.submit { try $0.execute(sql: attack) }
            }
        }
    }

    @Test func `whole segments are pruned when all their events are old, and their anchor is kept`() async throws {
        try await withTrail(of: 10, sealedBy: 4) { store, audit in
            // The events happened a minute after each other.
            let deleted = try await audit.prune(olderThan: .noon + .seconds(8 * 60 + 1), now: .noon + .seconds(3600))
            #expect(deleted == 8)
            let report = try await audit.trail.verify()
            #expect(report.breakage == nil && report.anchor?.id == 2 && report.seals == 1)
            let records = try await audit.trail.records(limit: 100)
            #expect(records.map(\.event.id) == [9, 10, 11, 12])
            #expect(records.suffix(2).allSatisfy { $0.event.reason == "pruned" })
            #expect(try await store.seals().map(\.id) == [2, 3])
        }
    }

    @Test func `a segment with one younger event stays whole`() async throws {
        try await withTrail(of: 10, sealedBy: 4) { store, audit in
            let deleted = try await audit.prune(olderThan: .noon + .seconds(3 * 60))
            #expect(deleted == 0)
            #expect(try await audit.trail.records(limit: 100).count == 10)
        }
    }

    @Test func `pruning that the trail does not tell of is found out`() async throws {
        try await withTrail(of: 10, sealedBy: 4) { store, audit in
            try await store.writer.submit { database in
                try database.execute(
                    sql: "UPDATE seal SET prunedAt = 5 WHERE id = 1; DELETE FROM event WHERE id BETWEEN 1 AND 4")
            }
            let breakage = try await audit.trail.verify().breakage
            #expect(breakage == AuditReport.Breakage(seal: 1, event: nil, what: .changed))
        }
    }

    @Test func `sealing scans no events that are sealed`() async throws {
        let plans = try await plans(after: { try await $0.enqueueSample() }) { store, _ in
            try await store.audit.seal()
            _ = try await store.audit.trail.records(AuditFilter(from: .noon), limit: 10)
        }
        #expect(plans.contains("SEARCH event USING INTEGER PRIMARY KEY (rowid>?)"))
        #expect(!plans.contains { $0.hasPrefix("SCAN event") || $0.contains("TEMP B-TREE") })
    }

    @Test func `a script of an outsider, as the handbook has it, comes to the same`() async throws {
        try await withTemporaryFolder { folder in
            try await withStore(in: folder) { store in
                for number in 0..<5 {
                    _ = try await store.jobs.receive(.sample(requestId: number == 3 ? "zwölf, 12:\n" : nil))
                }
                var audit = store.audit
                audit.segmentSize = 3
                try await audit.seal()
            }
            let handbook = try bytes(of: handbook("audit.md"))
            let text = String(decoding: handbook, as: UTF8.self)
            let script = try #require(text.components(between: "```python\n", and: "```"))
            try write(script, to: folder.appending("check.py"))
            try await shell("cd '\(folder)' && python3 check.py kiln.db > said && grep -q 'ok, 2 seals' said")
        }
    }

    /// A trail with that many events, a minute after each other.
    private func withTrail(
        of events: Int, sealedBy size: Int, _ body: (Store, AuditStore) async throws -> Void
    ) async throws {
        try await withTemporaryStore { store in
            for minute in 1...events {
                _ = try await store.jobs.receive(.sample(), now: .noon + .seconds(minute * 60))
            }
            var audit = store.audit
            audit.segmentSize = size
            try await audit.seal(now: .noon)
            try await body(store, audit)
        }
    }
}

extension Store {
    func seals() async throws -> [Seal] {
        try await jobs.reader.read { try $0.all(Seal.self, "SELECT * FROM seal ORDER BY id") }
    }

    /// Somebody with the right to write the file, whom triggers do not stop.
    fileprivate func tamper(_ sql: String) async throws {
        try await writer.submit { database in
            let triggers = try String.fetchAll(
                database, sql: "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name IN ('event', 'seal')"
            )
            for trigger in triggers { try database.execute(sql: "DROP TRIGGER \(trigger)") }
            try database.execute(sql: sql)
        }
    }
}
