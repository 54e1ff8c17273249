import TestSupport
import Testing

@testable import Persistence

/// Results that are used again instead of being made again.
struct ResultCacheTests {
    @Test func `the same wish for the same content gets the result that is there, and no run`() async throws {
        try await withTemporaryStore { store in
            let first = try await store.finished()

            let second = try #require(try await store.accept(.reusing(named: "lid")))

            #expect(second.job.status == .succeeded && second.job.cachedFrom == first.id)
            #expect(second.job.attempt == 0 && second.job.startedAt == nil && second.job.finishedAt == .noon)
            let result = try #require(second.artifact(.result))
            #expect(result.blobKey == .output(of: first.id, attempt: 1) && result.filename == "lid.glb")
            #expect(result.verifiedBy == "kiln" && result.sha256 != nil)
            #expect(try await store.jobs.claim("assimp", boot: store.boot) == nil)
        }
    }

    @Test func `it passes through pending, and says why it ended`() async throws {
        try await withTemporaryStore { store in
            _ = try await store.finished()
            let second = try #require(try await store.accept(.reusing()))

            let events = try await store.jobs.events(of: second.job.id)

            #expect(events.map(\.toStatus) == [.uploading, .pending, .succeeded])
            #expect(events.last?.reason == "cached")
        }
    }

    @Test func `it has the record of how the result was made, even when the first job is deleted`() async throws {
        try await withTemporaryStore { store in
            let first = try await store.finished(warnings: ["Smaller."])
            let second = try #require(try await store.accept(.reusing()))
            guard case .done(let keys) = try await store.jobs.delete(first.id, requestId: nil) else {
                Issue.record("not deleted")
                return
            }

            let dossier = try #require(try await store.jobs.dossier(of: second.job.id))
            let third = try #require(try await store.accept(.reusing()))

            #expect(dossier.attempts.map(\.toolVersion) == ["5.2"] && dossier.job.warnings == ["Smaller."])
            #expect(!keys.contains(.output(of: first.id, attempt: 1)))
            #expect(third.job.cachedFrom == first.id && third.job.status == .succeeded)
        }
    }

    @Test func `another tool version, another kiln, another client or another wish runs`() async throws {
        try await withTemporaryStore { store in
            _ = try await store.finished()
            let others: [(Reuse?, Arrival, String?)] = [
                (.reusing(assimp: "5.3"), .sample(), nil), (.reusing(version: "2"), .sample(), nil),
                (.reusing(), Arrival(client: "other"), nil), (.reusing(), .sample(), "{\"scale\":2}"),
                (.reusing(mayTake: false), .sample(), nil), (nil, .sample(), nil),
            ]
            for (reuse, arrival, options) in others {
                let job = try #require(try await store.accept(reuse, arrival, options: options)).job
                #expect(job.status == .pending && job.cachedFrom == nil)
            }
        }
    }

    @Test func `a result that is gone, or was not for others, is not found`() async throws {
        try await withTemporaryStore { store in
            let first = try await store.finished()
            _ = try await store.jobs.delete(first.id, requestId: nil)
            _ = try await store.finished(nil)

            #expect(try await store.accept(.reusing())?.job.status == .pending)
        }
    }

    @Test func `who waits for the job is told at once`() async throws {
        try await withTemporaryStore { store in
            _ = try await store.finished()
            let (id, _) = try await store.jobs.receive(.sample(), now: .noon)
            let watch = store.jobs.endings.watch(id)
            let source = try await store.keep("o box\n", for: id, as: .source(of: id))
            _ = try await store.jobs.enqueue(id, .sample(source, reuse: .reusing()), now: .noon)

            #expect(watch.isOver)
        }
    }
}

extension Reuse {
    fileprivate static func reusing(
        named stem: String = "box", mayTake: Bool = true, version: String = "test", assimp: String = "5.2"
    ) -> Reuse {
        Reuse(
            mayTake: mayTake, version: version, toolVersions: ["assimp": assimp, "blender": "3.4"],
            filenames: [.file: "\(stem).glb", .zip: "\(stem).zip"])
    }
}

extension Store {
    fileprivate func accept(
        _ reuse: Reuse?, _ arrival: Arrival = .sample(), options: String? = nil
    ) async throws -> Dossier? {
        let (id, _) = try await jobs.receive(arrival, now: .noon)
        let source = try await keep("o box\n", for: id, as: .source(of: id))
        return try await jobs.enqueue(id, .sample(source, options: options, reuse: reuse), now: .noon)
    }

    /// A job that assimp has done, version 5.2.
    fileprivate func finished(_ reuse: Reuse? = .reusing(), warnings: [String] = []) async throws -> Job {
        let job = try #require(try await accept(reuse.map { _ in .reusing(mayTake: false) })).job
        let claim = try #require(try await jobs.claim("assimp", boot: boot, now: .noon))
        var record = RunRecord()
        record.toolVersion = "5.2"
        _ = try await jobs.finish(
            claim, as: .succeeded(try await output(of: claim), warnings: warnings), run: record, now: .noon)
        return job
    }
}
