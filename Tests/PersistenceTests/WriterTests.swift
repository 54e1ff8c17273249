import GRDB
import TestSupport
import Testing

@testable import Persistence

@Suite(.timeLimit(.minutes(5)))
struct WriterTests {
    @Test func `what is submitted during a commit shares the next transaction`() async throws {
        try await withTemporaryStore { store in
            let commits = try await CommitWatch(store.writer)

            try await heldBack(100, at: store) { try await store.jobs.receive(.sample()) }

            #expect(commits.count == 2)  // Of the submission that held the writer, and of all the others.
        }
    }

    @Test func `at most 512 submissions share a transaction`() async throws {
        try await withTemporaryStore { store in
            let commits = try await CommitWatch(store.writer)

            try await heldBack(1000, at: store) { try await store.jobs.receive(.sample()) }

            #expect(commits.count == 3)
        }
    }

    @Test func `a failing submission undoes its own work and nobody else's`() async throws {
        try await withTemporaryStore { store in
            let commits = try await CommitWatch(store.writer)

            let outcomes = try await heldBack(21, at: store) { number in
                try await store.writer.submit { database in
                    try database.execute(
                        sql: "INSERT INTO boot (id, version, startedAt) VALUES (?, 'mark', 0)", arguments: [number])
                    if number == 10 { throw Mishap() }
                }
            }

            #expect(commits.count == 2)
            #expect(outcomes.map { $0.failure is Mishap } == (0..<21).map { $0 == 10 })
            #expect(try await marks(store) == (0..<21).filter { $0 != 10 })
        }
    }

    @Test func `when COMMIT fails, all who shared it fail and nothing is changed`() async throws {
        try await withTemporaryStore { store in
            let commits = try await CommitWatch(store.writer)
            let outcomes = try await heldBack(20, at: store, then: { commits.refuse(true) }) {
                try await store.jobs.receive(.sample())
            }
            commits.refuse(false)

            #expect(outcomes.allSatisfy { $0.failure is Mishap })
            #expect(try await store.jobs.history(limit: 100).isEmpty)
        }
    }

    @Test func `the writer goes on after a COMMIT that failed`() async throws {
        try await withTemporaryStore { store in
            let commits = try await CommitWatch(store.writer)
            commits.refuse(true)
            await #expect(throws: Mishap.self) { try await store.jobs.receive(.sample()) }
            commits.refuse(false)

            let (job, _) = try await store.jobs.receive(.sample())

            #expect(try await store.jobs.job(job)?.status == .uploading)
        }
    }

    @Test func `when the disk is full in the middle of a transaction, all who shared it fail`() async throws {
        try await withTemporaryStore { store in
            try await store.writer.submit { database in
                let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
                try database.execute(sql: "PRAGMA max_page_count = \(pages + 4)")
            }

            let outcomes = try await heldBack(20, at: store) { number in
                try await store.writer.submit { database in
                    let text = number == 10 ? String(repeating: "x", count: 1_000_000) : "mark"
                    try database.execute(
                        sql: "INSERT INTO boot (id, version, startedAt) VALUES (?, ?, 0)", arguments: [number, text])
                }
            }

            #expect(outcomes.allSatisfy { $0.failure != nil })
            #expect(try await marks(store).isEmpty)
        }
    }

    @Test func `what a cancelled caller asked for is done all the same`() async throws {
        try await withTemporaryStore { store in
            let gate = try await Gate(store.writer)
            let caller = Task { try await store.jobs.receive(.sample()).job }
            try await eventually { store.writer.queued == 1 }

            caller.cancel()
            gate.open()

            let job = try await caller.value
            #expect(try await store.jobs.job(job)?.status == .uploading)
        }
    }

    @Test func `a caller that was cancelled before it asked is served too`() async throws {
        try await withTemporaryStore { store in
            let caller = Task {
                try? await Task.sleep(for: .seconds(600))  // Ends at once, by the cancellation.
                return try await store.jobs.receive(.sample()).job
            }
            caller.cancel()

            let job = try await caller.value
            #expect(try await store.jobs.job(job)?.status == .uploading)
        }
    }

    @Test func `closing commits what was submitted before`() async throws {
        try await withTemporaryFolder { folder in
            try await withStore(in: folder) { store in
                try await heldBack(50, at: store, then: { Task { await store.writer.close() } }) {
                    try await store.jobs.receive(.sample())
                }
            }

            let kept = try await withStore(in: folder) { try await $0.jobs.history(limit: 100).count }
            #expect(kept == 50)
        }
    }

    @Test func `after closing, what is submitted is refused`() async throws {
        try await withTemporaryStore { store in
            await store.writer.close()

            await #expect(throws: WriterClosed.self) { try await store.jobs.receive(.sample()) }
        }
    }

    @Test func `closing twice does no harm`() async throws {
        try await withTemporaryStore { store in
            await store.writer.close()
            await store.writer.close()
        }
    }

    @Test func `a thousand submissions at once are all answered`() async throws {
        try await withTemporaryStore { store in
            let jobs = try await withThrowingTaskGroup { group in
                for _ in 0..<1000 { group.addTask { try await store.jobs.receive(.sample()).job } }
                return try await group.reduce(into: Set<Job.ID>()) { $0.insert($1) }
            }

            #expect(jobs.count == 1000)
            #expect(try await store.jobs.census()[.uploading] == 1000)
        }
    }

    @Test func `what is acknowledged is on disk, without anybody closing anything`() async throws {
        try await withTemporaryStore { store in
            let job = try await store.enqueueSample()

            let found = try await withTemporaryFolder { copy in
                for file in ["kiln.db", "kiln.db-wal"] {
                    try await shell("cp '\(store.folder.root)/\(file)' '\(copy)'")
                }
                return try await withStore(in: copy) { try await $0.jobs.job(job)?.status }
            }

            #expect(found == .pending)
        }
    }

    private func marks(_ store: Store) async throws -> [Int] {
        try await store.jobs.reader.read { database in
            try Int.fetchAll(
                database,
                sql: "SELECT CAST(id AS INTEGER) AS number FROM boot WHERE version = 'mark' ORDER BY number")
        }
    }
}
