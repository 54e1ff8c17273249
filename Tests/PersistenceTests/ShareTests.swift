import TestSupport
import Testing

@testable import Persistence

/// Whose turn it is: by priority, then fairly between clients, then first come, first served.
struct ShareTests {
    @Test func `a thousand jobs of one client delay another's first by no more than what runs already`() async throws {
        try await withTemporaryStore { store in
            for _ in 0..<1000 { _ = try await enqueue(for: "ada", at: store) }
            for _ in 0..<3 { _ = try await store.claim("assimp") }

            let single = try await enqueue(for: "bob", at: store)

            #expect(try await store.claim("assimp").job.id == single)
        }
    }

    @Test func `clients that all wait have turns one after the other`() async throws {
        try await withTemporaryStore { store in
            for client in ["ada", "bob", "eve"] {
                for _ in 0..<4 { _ = try await enqueue(for: client, at: store) }
            }
            let order = try await clients(12, at: store)
            for round in 0..<4 {
                #expect(Set(order[(round * 3)..<(round * 3 + 3)]) == ["ada", "bob", "eve"], "\(order)")
            }
        }
    }

    @Test func `one who always has but one job waiting gets every other turn beside one with many`() async throws {
        try await withTemporaryStore { store in
            for _ in 0..<50 { _ = try await enqueue(for: "ada", at: store) }
            var order: [String] = []
            for _ in 0..<20 {
                _ = try await enqueue(for: "bob", at: store)
                order += try await clients(2, at: store)
            }
            #expect(order.filter { $0 == "bob" }.count == 20 && order.filter { $0 == "ada" }.count == 20)
        }
    }

    @Test func `nobody is owed for the time in which he wanted nothing`() async throws {
        try await withTemporaryStore { store in
            _ = try await enqueue(for: "bob", at: store)
            for _ in 0..<20 { _ = try await enqueue(for: "ada", at: store) }
            _ = try await clients(11, at: store)

            for _ in 0..<10 { _ = try await enqueue(for: "bob", at: store) }

            let order = try await clients(10, at: store)
            #expect(order.filter { $0 == "ada" }.count >= 4, "\(order)")
        }
    }

    @Test func `a higher priority goes before any turn, and a low one waits behind all`() async throws {
        try await withTemporaryStore { store in
            let low = try await enqueue(for: "ada", .low, at: store)
            let normal = try await enqueue(for: "ada", at: store)
            let high = try await enqueue(for: "ada", .high, at: store)

            var order: [Job.ID] = []
            for _ in 0..<3 { order.append(try await store.claim("assimp").job.id) }
            #expect(order == [high, normal, low])
        }
    }

    @Test func `who goes on with another tool is not behind all who wait for that one`() async throws {
        try await withTemporaryStore { store in
            // The line for the second tool is old and long, the one for the first has moved on far.
            for _ in 0..<100 { _ = try await enqueue(for: "ada", at: store) }
            for _ in 0..<200 { _ = try await enqueue(for: "eve", route: RouteStep.staged, tool: "openscad", at: store) }
            for _ in 0..<200 { _ = try await store.claim("openscad") }
            _ = try await store.claim("assimp")
            let job = try await enqueue(for: "bob", route: RouteStep.staged, tool: "openscad", at: store)
            let first = try await store.claim("openscad")
            #expect(first.job.id == job)
            let made = try await store.output(of: first, role: .intermediate, format: "stl")
            try await store.finish(first, as: .advanced(made, to: Place(tool: "assimp")))

            #expect(try await store.claim("assimp").job.id == job)
        }
    }

    @Test func `a retry keeps its turn`() async throws {
        try await withTemporaryStore { store in
            let first = try await store.claimSample()
            for _ in 0..<5 { _ = try await store.enqueueSample() }
            try await store.finish(first, as: .postponed(Failure(.diskFull, "Full."), after: .zero), now: .noon)
            _ = try await store.jobs.promote(longest: .seconds(60), now: .noon)

            #expect(try await store.claim("assimp").job.id == first.job.id)
        }
    }

    private func clients(_ count: Int, at store: Store) async throws -> [String] {
        var clients: [String] = []
        for _ in 0..<count { clients.append(try await store.claim("assimp").job.client) }
        return clients
    }

    private func enqueue(
        for client: String, _ priority: Job.Priority = .normal, route: [RouteStep] = RouteStep.direct,
        tool: String = "assimp", at store: Store
    ) async throws -> Job.ID {
        let (id, _) = try await store.jobs.receive(Arrival(client: client))
        let acceptance = Acceptance(
            source: NewArtifact(
                role: .source, blob: StoredBlob(key: .source(of: id), size: 1, sha256: ""), filename: "box.obj",
                format: "obj"),
            targetFormat: "glb", route: route, tool: tool, priority: priority)
        _ = try await store.jobs.enqueue(id, acceptance)
        return id
    }
}
