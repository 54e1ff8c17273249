import GRDB
import TestSupport
import Testing

@testable import Persistence

struct DatabaseSettingsTests {
    @Test func `the writer waits for the disk at every commit: synchronous is FULL`() async throws {
        #expect(try await setting("synchronous") == "2")
    }

    @Test func `the journal is a WAL`() async throws {
        #expect(try await setting("journal_mode") == "wal")
    }

    @Test func `foreign keys are enforced`() async throws {
        #expect(try await setting("foreign_keys") == "1")
    }

    @Test func `the file can shrink in small steps: auto_vacuum is incremental`() async throws {
        #expect(try await setting("auto_vacuum") == "2")
    }

    @Test func `readers cannot write`() async throws {
        try await withTemporaryStore { store in
            await #expect(throws: DatabaseError.self) {
                try await store.jobs.reader.read { try $0.execute(sql: "DELETE FROM job") }
            }
        }
    }

    @Test func `readers are as many as asked for and no more`() async throws {
        try await withTemporaryFolder { folder in
            let store = try await Store.open(DataFolder(folder), Store.Options(readers: 3, version: "test"))
            #expect(store.jobs.reader.configuration.maximumReaderCount == 3)
            await store.writer.close()
        }
    }

    /// As it stands on the connection that writes, after the store was opened, closed and opened again.
    private func setting(_ name: String) async throws -> String? {
        try await withTemporaryFolder { folder in
            try await withStore(in: folder) { _ in }
            return try await withStore(in: folder) { store in
                try await store.writer.submit { try String.fetchOne($0, sql: "PRAGMA \(name)") }
            }
        }
    }
}
