import GRDB
import SystemPackage
import TestSupport
import Testing

@testable import Migrations
@testable import Persistence

/// Databases of every earlier schema, as a server left them that was killed in the middle of its work.
struct UpgradeTests {
    @Test(arguments: Migration.all.dropLast().map(\.version))
    func `jobs that an older kiln left in flight end under this one`(version: Int) async throws {
        try await withTemporaryFolder { folder in
            try await leave(schema: version, in: folder)
            try await withStore(in: folder) { store in
                try await store.jobs.recover(store.jobs.leftovers(of: store.boot), boot: store.boot)
                _ = try await store.jobs.promote(longest: .seconds(60), now: .noon + .seconds(60))
                var order: [String] = []
                while let claim = try await store.jobs.claim("assimp", boot: store.boot) {
                    order.append(try await name(of: claim.job.id, store))
                    try await store.finish(claim, as: .succeeded(try await store.output(of: claim), warnings: []))
                }
                #expect(Set(order) == ["pending", "waiting", "running"])

                let ends = try await ends(store)
                #expect(ends["uploading"] == "failed uploadAborted 0")
                #expect(ends["pending"] == "succeeded - 1" && ends["waiting"] == "succeeded - 2")
                #expect(ends["running"] == "succeeded - 2" && ends["done"] == "succeeded - 1")
                #expect(try await store.jobs.census().filter { $0.value != 0 } == [.succeeded: 4, .failed: 1])
            }
        }
    }

    /// Rows in words that every schema understands.
    private func leave(schema version: Int, in folder: FilePath) async throws {
        let database = try DatabaseQueue(path: folder.appending("kiln.db").string)
        try await database.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA journal_mode = WAL")
            database.keepWALFile()
            try Schema.migrate(database, with: Array(Migration.all.prefix(version)))
            let boot = Boot.ID(at: .noon).rawValue
            try database.execute(
                sql: "INSERT INTO boot (id, version, startedAt) VALUES (?, '0', 1)", arguments: [boot])
            for (name, status) in Self.jobs { try insert(name, status, boot, in: database) }
        }
        try database.close()
    }

    private static let jobs = [
        ("uploading", "uploading"), ("pending", "pending"), ("waiting", "pending"), ("running", "running"),
        ("done", "succeeded"),
    ]

    private func insert(_ name: String, _ status: String, _ boot: String, in database: Database) throws {
        let (id, isUploading) = (Job.ID(at: .noon).rawValue, status == "uploading")
        let attempt = ["pending", "uploading"].contains(name) ? 0 : 1
        let finishedAt = status == "succeeded" ? 2 : nil
        try database.execute(
            sql: """
                INSERT INTO job (id, kind, client, tag, priority, turn, status, targetFormat, route, tool, attempt, claimedBy,
                                 dueAt, createdAt, changedAt, finishedAt)
                VALUES (?, 'conversion', 'ada', ?, 1, 1, 'uploading', 'glb', ?, ?, ?, NULL, NULL, 1, 1, NULL)
                """,
            arguments: [
                id, name, isUploading ? nil : try jsonText(RouteStep.direct), isUploading ? nil : "assimp", attempt,
            ])
        guard !isUploading else { return }
        try database.execute(
            sql: "UPDATE job SET status = ?, claimedBy = ?, dueAt = ?, finishedAt = ? WHERE id = ?",
            arguments: [
                status, status == "running" ? boot : nil, name == "waiting" ? Instant.noon.rawValue : nil, finishedAt,
                id,
            ])
        try database.execute(
            sql: "INSERT INTO blob (key, size, sha256, createdAt) VALUES (?, 1, '', 1)", arguments: ["\(id).source"])
        try database.execute(
            sql: """
                INSERT INTO artifact (id, jobId, role, blobKey, format, createdAt) VALUES (?, ?, 'source', ?, 'obj', 1)
                """, arguments: [Artifact.ID(at: .noon).rawValue, id, "\(id).source"])
        guard attempt == 1 else { return }
        let outcome = ["waiting": "failed", "running": "running"][name] ?? "succeeded"
        try database.execute(
            sql: """
                INSERT INTO attempt (jobId, number, step, converter, tool, boot, outcome, startedAt, finishedAt)
                VALUES (?, 1, 0, 'assimp', 'assimp', ?, ?, 1, ?)
                """, arguments: [id, boot, outcome, outcome == "running" ? nil : 2])
    }

    private func name(of job: Job.ID, _ store: Store) async throws -> String {
        try await store.jobs.job(job)?.tag ?? ""
    }

    /// By the name: status, failure, and number of attempts.
    private func ends(_ store: Store) async throws -> [String: String] {
        try await store.jobs.history(limit: 100).reduce(into: [:]) { ends, dossier in
            let job = dossier.job
            ends[job.tag ?? ""] = "\(job.status.rawValue) \(job.failureCode?.rawValue ?? "-") \(job.attempt)"
        }
    }
}
