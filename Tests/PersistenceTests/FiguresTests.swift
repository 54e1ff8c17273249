import GRDB
import Synchronization
import TestSupport
import Testing

@testable import Persistence

/// What those see who watch the database, and what it costs.
@Suite(.timeLimit(.minutes(5)))
struct FiguresTests {
    @Test func `figures count jobs and ended attempts, and tell since when the oldest waits`() async throws {
        try await withTemporaryStore { store in
            let claim = try await store.claimSample(now: .noon)
            let failure = Failure(.toolFailed, "It did not work.")
            _ = try await store.jobs.finish(claim, as: .failed(failure), run: RunRecord())
            _ = try await store.enqueueSample(now: .noon + .seconds(5))
            _ = try await store.enqueueSample(now: .noon + .seconds(3))

            let figures = try await told(by: store)

            #expect(figures.jobs[.failed] == 1 && figures.jobs[.pending] == 2 && figures.jobs[.running] == 0)
            #expect(figures.attempts == [.init(converter: "assimp", outcome: "failed", count: 1)])
            #expect(figures.oldestReady == .noon + .seconds(3))
        }
    }

    @Test func `figures of an empty database have nothing that waits`() async throws {
        try await withTemporaryStore { store in
            let figures = try await told(by: store)
            #expect(figures.oldestReady == nil && figures.attempts.isEmpty)
        }
    }

    @Test func `figures are found along indexes, however many jobs there are`() async throws {
        let plans = try await plans(after: { try await $0.enqueueSample() }) { store, _ in
            _ = try await told(by: store)
        }
        #expect(plans.contains("SEARCH job USING INDEX jobByStatus (status=?)"))
        #expect(plans.count == 4)
        // Of the newest backup alone one row is read, from the end.
        #expect(plans.filter { $0.contains("SCAN") || $0.contains("TEMP B-TREE") } == ["SCAN backup"])
    }

    @Test func `who writes is told of each commit, with how many shared it`() async throws {
        try await withTemporaryFolder { folder in
            let sizes = Mutex<[Int]>([])
            let options = Store.Options(version: "test") { commit in sizes.withLock { $0.append(commit.submissions) } }
            let store = try await Store.open(DataFolder(folder), options)
            sizes.withLock { $0 = [] }
            try await heldBack(100, at: store) { try await store.jobs.receive(.sample()) }
            await store.writer.close()
            #expect(sizes.withLock(\.self) == [1, 100])
        }
    }

    @Test func `a probe changes a row in its turn, and tells when it is durable`() async throws {
        try await withTemporaryStore { store in
            let before = store.writer.commits
            let error = await withCheckedContinuation { told in
                store.writer.probe { result in told.resume(returning: result.failure) }
            }
            #expect(error == nil && store.writer.commits == before + 1)
        }
    }

    @Test func `a probe of a writer that is closed fails at once`() async throws {
        try await withTemporaryStore { store in
            await store.writer.close()
            let error = await withCheckedContinuation { told in
                store.writer.probe { result in told.resume(returning: result.failure) }
            }
            #expect(error is WriterClosed)
        }
    }

    @Test func `readers count while they read`() async throws {
        try await withTemporaryStore { store in
            let busy = try await store.jobs.reader.read { _ in store.jobs.busyReaders }
            #expect(busy == 1)
            try await eventually { store.jobs.busyReaders == 0 }
        }
    }

    @Test func `a small file is made and removed where it can be`() async throws {
        try await withTemporaryStore { store in
            try store.folder.tryWriting()
            #expect(try Directory.names(in: store.folder.staging).isEmpty)
            #expect(store.folder.databaseSize ?? 0 > 0 && store.folder.walSize != nil)
            try Directory.remove(store.folder.staging)
            #expect(throws: SystemError.self) { try store.folder.tryWriting() }
        }
    }

    @Test func `who drains the server is in the audit trail`() async throws {
        try await withTemporaryStore { store in
            try await store.noteDrain(isOn: true, requestId: "request-9", now: .noon)
            let rows = try await store.jobs.reader.read {
                try Row.fetchAll($0, sql: "SELECT subjectId, requestId, reason FROM event WHERE subjectKind = 'boot'")
                    .map { [$0["subjectId"], $0["requestId"], $0["reason"]] as [String?] }
            }
            #expect(rows == [[store.boot.rawValue, "request-9", "drained"]])
        }
    }

    private func told(by store: Store) async throws -> Figures {
        try await withCheckedThrowingContinuation { told in store.jobs.figures { told.resume(with: $0) } }
    }
}
