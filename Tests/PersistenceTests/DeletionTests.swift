import TestSupport
import Testing

@testable import Persistence

/// Files that are given up by hand.
struct DeletionTests {
    @Test func `all files of an ended job go, and their sizes and hashes stay on record`() async throws {
        try await withTemporaryStore { store in
            let id = try await store.sample(in: .succeeded)
            let before = try #require(try await store.jobs.dossier(of: id))

            let keys = try #require(try await delete(id, at: store))

            let after = try #require(try await store.jobs.dossier(of: id))
            #expect(Set(keys) == Set(before.artifacts.compactMap(\.blobKey)) && keys.count == 2)
            #expect(after.artifacts.allSatisfy { $0.blobKey == nil && $0.expiredAt == .noon })
            #expect(after.artifacts.map(\.sha256) == before.artifacts.map(\.sha256))
            #expect(after.artifacts.map(\.size) == before.artifacts.map(\.size))
            #expect(after.job.status == .succeeded && after.job.expiredAt == .noon)
        }
    }

    @Test func `it leaves one event, with the request, however often it is asked for`() async throws {
        try await withTemporaryStore { store in
            let id = try await store.sample(in: .failed)
            _ = try await delete(id, at: store)
            let event = try #require(try await store.jobs.events(of: id).last)
            let before = try await store.picture(of: id)

            #expect(try await delete(id, at: store) == [])

            #expect(event.reason == "deleted" && event.requestId == "request-5" && event.toStatus == nil)
            #expect(try await store.picture(of: id) == before)
        }
    }

    @Test(arguments: [Status.uploading, .pending, .running])
    func `a job under way keeps its files`(status: Status) async throws {
        try await withTemporaryStore { store in
            let id = try await store.sample(in: status)
            let before = try await store.picture(of: id)

            #expect(try await delete(id, at: store) == nil)
            #expect(try await store.picture(of: id) == before)
        }
    }

    @Test func `bytes that a retry has too stay until the last of them goes`() async throws {
        try await withTemporaryStore { store in
            let old = try await store.sample(in: .failed)
            let brief = try #require(try await store.jobs.brief(of: old))
            let source = try #require(brief.artifact(.source))
            let request = RetryRequest(
                original: brief.job, source: source, route: RouteStep.direct, tool: "assimp", requestId: nil)
            let new = try #require(try await store.jobs.retry(request)).job.id

            #expect(try await delete(old, at: store) == [])
            let claim = try await store.claim("assimp")
            #expect(claim.source.blobKey == .source(of: old))
            try await store.finish(claim, as: .failed(Failure(.crashed, "It crashed.")))
            #expect(try await delete(new, at: store) == [.source(of: old)])
        }
    }

    @Test func `a dead letter without its file is none`() async throws {
        try await withTemporaryStore { store in
            let id = try await store.sample(in: .failed)
            #expect(try await store.jobs.history(.deadLetters, limit: 9).count == 1)
            _ = try await delete(id, at: store)
            #expect(try await store.jobs.history(.deadLetters, limit: 9).isEmpty)
        }
    }

    @Test func `pictures go with their job, also one that is being made`() async throws {
        try await withTemporaryStore { store in
            let id = try await store.sample(in: .succeeded)
            let dossier = try #require(try await store.jobs.dossier(of: id))
            let result = try #require(dossier.artifact(.result))
            let route = [RouteStep(from: "glb", to: "png", converters: ["f3d"])]
            let wish = PreviewRequest(parent: dossier.job, result: result, route: route, tool: "f3d")
            let picture = try #require(try await store.jobs.preview(wish, requestId: nil))
            let claim = try await store.claim("f3d")

            let keys = try #require(try await delete(id, at: store))

            await claim.ended.wait()
            #expect(keys.contains { $0 == result.blobKey })
            let ended = try #require(try await store.jobs.job(picture.id))
            #expect(ended.status == .cancelled && ended.expiredAt == .noon)
            #expect(try await store.jobs.preview(wish, requestId: nil) == nil)
        }
    }

    @Test func `deleting scans nothing`() async throws {
        let plans = try await plans(after: { try await $0.sample(in: .succeeded) }) { store, job in
            _ = try await store.jobs.delete(job, requestId: nil)
        }
        #expect(plans.filter { $0.hasPrefix("SCAN") || $0.contains("TEMP B-TREE") } == [])
        #expect(plans.contains("SEARCH job USING INDEX jobChildren (parentId=?)"))
    }

    /// The keys to discard; `nil` when the job is under way.
    @discardableResult
    private func delete(_ id: Job.ID, at store: Store) async throws -> [BlobKey]? {
        let deletion = try await store.jobs.delete(id, requestId: "request-5", now: .noon)
        if case .done(let keys) = deletion { return keys }
        return nil
    }
}
