import Foundation
import TestSupport
import Testing

@testable import Persistence

/// A long line of one client, and the single job of another.
@Suite(.timeLimit(.minutes(10)))
struct LongQueueTests {
    /// As many as a queue takes with `KILN_SOAK=1`.
    private static let length = ProcessInfo.processInfo.environment["KILN_SOAK"] == "1" ? 10_000 : 1000
    private static let workers = 4

    @Test func `a full queue of one client delays another's single job by no more than what runs already`() async throws
    {
        try await withTemporaryStore { store in
            try await withThrowingTaskGroup { group in
                for _ in 0..<Self.length { group.addTask { try await enqueue(for: "ada", at: store) } }
                for try await _ in group {}
            }
            for _ in 0..<Self.workers { #expect(try await store.claim("assimp").job.client == "ada") }

            let single = try await enqueue(for: "bob", at: store)

            // The first worker that is free has it.
            #expect(try await store.claim("assimp").job.id == single)
            #expect(try await store.jobs.census()[.pending] == Self.length - Self.workers)
        }
    }

    @discardableResult
    private func enqueue(for client: String, at store: Store) async throws -> Job.ID {
        let (id, _) = try await store.jobs.receive(Arrival(client: client))
        let source = StoredBlob(key: .source(of: id), size: 1, sha256: "")
        _ = try await store.jobs.enqueue(id, .sample(source))
        return id
    }
}
