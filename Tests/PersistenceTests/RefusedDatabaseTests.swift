import GRDB
import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import Persistence

/// Databases that are damaged or lost: refused with what to do, and never made anew.
struct RefusedDatabaseTests {
    @Test(arguments: ["missing", "empty"])
    func `a database that is gone from its files is not made anew`(how: String) async throws {
        try await withJob { folder in
            let database = folder.appending("kiln.db").string
            unlink(database)
            unlink(database + "-wal")
            if how == "empty" { try write("", to: folder.appending("kiln.db")) }
            try await expectRefusal(of: folder) { $0 == .lost }
            #expect(DataFolder(folder).databaseSize ?? 0 == 0)
        }
    }

    @Test func `an empty database beside a WAL is not made anew, which would throw the WAL away`() async throws {
        try await withTemporaryFolder { folder in
            try write("", to: folder.appending("kiln.db"))
            try write("something", to: folder.appending("kiln.db-wal"))
            try await expectRefusal(of: folder) { $0 == .lost }
            #expect(try bytes(of: folder.appending("kiln.db-wal")).count == 9)
        }
    }

    @Test func `an empty folder is begun, also after a first start that broke off`() async throws {
        try await withTemporaryFolder { folder in
            try write("", to: folder.appending("kiln.db"))
            try await withStore(in: folder) { store in
                let census = try await store.jobs.census()
                #expect(census.isEmpty)
            }
        }
    }

    @Test func `a truncated database is refused`() async throws {
        try await withJob { folder in
            let path = folder.appending("kiln.db").string
            let size = try #require(DataFolder(folder).databaseSize)
            #expect(truncate(path, Int(size / 2)) == 0)
            try await expectRefusal(of: folder) { if case .corrupt = $0 { true } else { false } }
        }
    }

    @Test(arguments: [3, 17, 4096 + 3, 3 * 4096 + 5])
    func `a database with flipped bits is refused`(offset: Int) async throws {
        try await withJob { folder in
            try flip(8, at: offset, in: folder.appending("kiln.db"))
            try await expectRefusal(of: folder) { if case .corrupt = $0 { true } else { false } }
        }
    }

    @Test func `a WAL that was taken away after a crash is missed, however often one looks`() async throws {
        try await withCrash { folder in
            for name in ["kiln.db-wal", "kiln.db-shm"] { unlink(folder.appending(name).string) }
            for _ in 0..<2 { try await expectRefusal(of: folder) { $0 == .walLost } }
            _ = try await ReadingStore.look(at: folder) { try await $0.trail.verify() }
            try await expectRefusal(of: folder) { $0 == .walLost }
        }
    }

    @Test func `who knows that it is lost goes on without it, and the trail says so`() async throws {
        try await withCrash { folder in
            for name in ["kiln.db-wal", "kiln.db-shm"] { unlink(folder.appending(name).string) }
            #expect(try await !Inspection.run(on: folder).isSound)
            let accepted = try await Inspection.run(on: folder, acceptsLoss: true)
            #expect(accepted.isSound)
            try await withStore(in: folder) { store in
                let records = try await store.audit.trail.records(limit: 10)
                #expect(records.contains { $0.event.reason == "walLost" })
            }
        }
    }

    @Test func `a damage in the WAL that hides transactions is refused, and left as it is`() async throws {
        try await withCrash(transactions: 6) { folder in
            let wal = folder.appending("kiln.db-wal")
            let original = try bytes(of: wal)
            // The head of the log, that of a frame, and the page of a frame.
            for place in [17, 32 + 9, 32 + 24 + 100] {
                try flip(1, at: place, in: wal)
                let damaged = try bytes(of: wal)
                for _ in 0..<2 {
                    try await expectRefusal(of: folder) {
                        if case .walDamaged(let hidden) = $0 { hidden >= 2 } else { false }
                    }
                }
                #expect(try bytes(of: wal) == damaged)
                try flip(1, at: place, in: wal)
            }
            #expect(try bytes(of: wal) == original)
            try await withStore(in: folder) { store in
                let census = try await store.jobs.census()
                #expect(census[.pending] == 6)
            }
        }
    }

    @Test func `a transaction that a crash cut off is not missed`() async throws {
        try await withCrash(transactions: 6) { folder in
            let wal = folder.appending("kiln.db-wal")
            let size = try bytes(of: wal).count
            let last = size - 4096 + 100
            try flip(1, at: last, in: wal)
            try await withStore(in: folder) { _ in }
        }
    }

    @Test func `who knows that the WAL is damaged goes on without what it hides`() async throws {
        try await withCrash(transactions: 6) { folder in
            try flip(1, at: 32 + 24 + 100, in: folder.appending("kiln.db-wal"))
            let found = try await Inspection.run(on: folder)
            #expect(!found.isSound)
            if case .damaged = found.walLoss {} else { Issue.record("not seen by verify") }
            #expect(try await Inspection.run(on: folder, acceptsLoss: true).isSound)
            for _ in 0..<2 {
                try await withStore(in: folder) { store in
                    let records = try await store.audit.trail.records(limit: 10)
                    #expect(records.contains { $0.event.reason == "walLost" })
                }
            }
        }
    }

    @Test func `after a crash a server starts with its WAL`() async throws {
        try await withCrash { folder in
            try await withStore(in: folder) { store in
                let census = try await store.jobs.census()
                #expect(census[.pending] == 1)
            }
        }
    }

    @Test func `after a polite end the WAL is not missed`() async throws {
        try await withJob { folder in
            for name in ["kiln.db-wal", "kiln.db-shm"] { unlink(folder.appending(name).string) }
            try await withStore(in: folder) { store in
                let census = try await store.jobs.census()
                #expect(census[.pending] == 1)
            }
        }
    }

    /// A folder with a job in it, its database closed.
    private func withJob(_ body: (FilePath) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            try await withStore(in: folder) { _ = try await $0.enqueueSample() }
            try await body(folder)
        }
    }

    /// The same as a crash leaves it: a copy of what is on disk while the database is open.
    private func withCrash(transactions: Int = 1, _ body: (FilePath) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let alive = folder.appending("alive")
            let copy = folder.appending("copy")
            try await withStore(in: alive) { store in
                for _ in 0..<transactions { _ = try await store.enqueueSample() }
                try await shell("cp -a '\(alive)' '\(copy)' && rm '\(copy)/kiln.db-shm'")
            }
            try await body(copy)
        }
    }

    private func expectRefusal(of folder: FilePath, _ matches: (DatabaseRefused) -> Bool) async throws {
        let refusal = await #expect(throws: DatabaseRefused.self) {
            try await withStore(in: folder) { _ in }
        }
        #expect(refusal.map(matches) == true, "\(refusal.map { "\($0)" } ?? "not refused")")
    }
}

/// Inverts that many bytes of the file.
func flip(_ count: Int, at offset: Int, in file: FilePath) throws {
    let file = try FileDescriptor.open(file, .readWrite)
    try file.closeAfter {
        var bytes = [UInt8](repeating: 0, count: count)
        let read = try bytes.withUnsafeMutableBytes { try file.read(fromAbsoluteOffset: Int64(offset), into: $0) }
        let inverted = bytes[..<read].map { ~$0 }
        _ = try file.writeAll(toAbsoluteOffset: Int64(offset), inverted)
    }
}
