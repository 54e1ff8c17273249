import GRDB
import Glibc
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import Persistence

/// What is given up when the disk is full.
struct BallastTests {
    private static let full = DatabaseError(resultCode: .SQLITE_FULL)

    @Test func `it really takes up space, a sixteenth of what there is at most`() async throws {
        try await withTemporaryStore { store in
            store.ballast.restore(within: 32 << 20)
            var status = stat()
            stat(store.folder.ballast.string, &status)
            #expect(status.st_size == 2 << 20 && status.st_blocks * 512 >= 2 << 20)
            store.ballast.restore(within: 64 << 20)
            stat(store.folder.ballast.string, &status)
            #expect(status.st_size == 2 << 20)
        }
    }

    @Test func `where there is hardly any space, there is none`() async throws {
        try await withTemporaryStore { store in
            store.ballast.restore(within: 15 << 20)
            #expect(!store.ballast.isThere)
        }
    }

    @Test func `on a full disk it is given up, and all that was to be written is written, once`() async throws {
        try await withTemporaryStore { store in
            store.ballast.restore(within: 64 << 20)
            let calls = Mutex(0)
            let alarms = Mutex(0)
            store.ballast.onFullDisk { alarms.withLock { $0 += 1 } }

            let outcomes = try await heldBack(20, at: store) { number in
                try await store.writer.submit { database in
                    try database.execute(
                        sql: "INSERT INTO boot (id, version, startedAt) VALUES (?, 'mark', 0)", arguments: [number])
                    guard number == 10 else { return }
                    let call = calls.withLock { calls in
                        calls += 1
                        return calls
                    }
                    if call == 1 { throw Self.full }
                }
            }

            #expect(outcomes.allSatisfy { $0.failure == nil })
            #expect(calls.withLock { $0 } == 2 && alarms.withLock { $0 } == 1 && !store.ballast.isThere)
            let marks = try await store.jobs.reader.read { database in
                try Int.fetchOne(database, sql: "SELECT count(*) FROM boot WHERE version = 'mark'")
            }
            #expect(marks == 20)
        }
    }

    @Test func `without it, a full disk is told as such, and nothing is changed`() async throws {
        try await withTemporaryStore { store in
            let calls = Mutex(0)
            let error = await #expect(throws: SystemError.self) {
                try await store.writer.submit { _ in
                    calls.withLock { $0 += 1 }
                    throw Self.full
                }
            }
            #expect(error?.isDiskFull == true && calls.withLock { $0 } == 1)
        }
    }

    @Test func `a disk that stays full is told as such after one more try`() async throws {
        try await withTemporaryStore { store in
            store.ballast.restore(within: 64 << 20)
            let calls = Mutex(0)
            let error = await #expect(throws: SystemError.self) {
                try await store.writer.submit { _ in
                    calls.withLock { $0 += 1 }
                    throw Self.full
                }
            }
            #expect(error?.isDiskFull == true && calls.withLock { $0 } == 2)
        }
    }
}
