import GRDB
import SystemPackage
import TestSupport
import Testing

@testable import Migrations
@testable import Persistence

struct MigrationTests {
    @Test func `an empty database gets the newest version and our mark`() async throws {
        try await withTemporaryStore { store in
            let (version, owner) = try await store.jobs.reader.read { database in
                (
                    try Int.fetchOne(database, sql: "PRAGMA user_version"),
                    try Int32.fetchOne(database, sql: "PRAGMA application_id")
                )
            }
            #expect(version == Migration.all.last?.version)
            #expect(owner == 0x4B49_4C4E)
        }
    }

    @Test func `a database of an older version gets only what is missing`() throws {
        let queue = try DatabaseQueue()
        let first = Migration(version: 1, sql: "CREATE TABLE a (x)")
        let second = Migration(version: 2, sql: "CREATE TABLE b (x)")
        try queue.writeWithoutTransaction { try Schema.migrate($0, with: [first]) }

        try queue.writeWithoutTransaction { try Schema.migrate($0, with: [first, second]) }

        #expect(try queue.read(tables) == ["a", "b"])
        #expect(try queue.read { try Int.fetchOne($0, sql: "PRAGMA user_version") } == 2)
    }

    @Test func `a migration that fails leaves the database as it was`() throws {
        let queue = try DatabaseQueue()
        let good = Migration(version: 1, sql: "CREATE TABLE a (x)")
        let alsoGood = Migration(version: 2, sql: "CREATE TABLE b (x)")
        let broken = Migration(version: 3, sql: "CREATE TABLE c (x); INSERT INTO nowhere VALUES (1)")
        try queue.writeWithoutTransaction { try Schema.migrate($0, with: [good]) }

        #expect(throws: DatabaseError.self) {
            try queue.writeWithoutTransaction { try Schema.migrate($0, with: [good, alsoGood, broken]) }
        }

        #expect(try queue.read(tables) == ["a"])
        #expect(try queue.read { try Int.fetchOne($0, sql: "PRAGMA user_version") } == 1)
    }

    @Test func `a database of a newer kiln is refused with words that help`() async throws {
        try await withTemporaryFolder { folder in
            try await withStore(in: folder) { store in
                try await store.writer.submit { try $0.execute(sql: "PRAGMA user_version = 999") }
            }

            let refusal = await #expect(throws: DatabaseRefused.self) {
                try await withStore(in: folder) { _ in }
            }

            #expect(refusal?.description.contains("schema 999, but this kiln knows only up to") == true)
        }
    }

    @Test(arguments: [
        "CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)",
        "PRAGMA application_id = 1196444487; CREATE TABLE theirs (x)",
        "PRAGMA application_id = 1196444487",
        "PRAGMA user_version = 1",
    ])
    func `somebody else's database is refused and not a byte of it changed`(content: String) async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending("kiln.db")
            try await DatabaseQueue(path: path.string).writeWithoutTransaction { try $0.execute(sql: content) }
            let before = try bytes(of: path)

            let refusal = await #expect(throws: DatabaseRefused.self) {
                try await withStore(in: folder) { _ in }
            }

            #expect(refusal?.description.contains("not a Kiln database") == true)
            #expect(try bytes(of: path) == before)
        }
    }

    @Test func `a file that is no database is refused and not a byte of it changed`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending("kiln.db")
            let letter = String(repeating: "Dear reader, this is not a database. ", count: 100)
            try write(letter, to: path)

            await #expect(throws: DatabaseRefused.self) {
                try await withStore(in: folder) { _ in }
            }

            #expect(try bytes(of: path) == Array(letter.utf8))
        }
    }

    @Test func `every file in Migrations is known, in order and without gaps`() throws {
        let folder = FilePath(#filePath).removingLastComponent().appending("../../Migrations").lexicallyNormalized()
        let files = try Directory.names(in: folder).filter { $0.hasSuffix(".sql") }.sorted()
        let texts = try files.map { String(decoding: try bytes(of: folder.appending($0)), as: UTF8.self) }

        #expect(files.map { Int($0.prefix(4)) } == Array(1...files.count))
        #expect(Migration.all.map(\.version) == Array(1...files.count))
        #expect(Migration.all.map(\.sql) == texts)
    }

    @Sendable private func tables(_ database: Database) throws -> [String] {
        try String.fetchAll(database, sql: "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    }
}
