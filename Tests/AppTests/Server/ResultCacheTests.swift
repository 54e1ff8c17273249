import HTTPTypes
import TestSupport
import Testing

@testable import App

/// What clients see of results that are used again.
@Suite(.enabled(if: Installed.sandbox, Installed.noSandbox), .timeLimit(.minutes(5)))
struct ResultCacheTests {
    @Test func `the same file for the same target has succeeded at once, and can be fetched`() async throws {
        try await withCache { kiln in
            let first = try await kiln.ended(kiln.accepted())

            let second = try await kiln.upload(as: "lid.obj", to: "obj").json

            #expect(second.status.string == "succeeded" && second.cachedFrom == first.id)
            #expect(second.result.filename.string == "lid.obj" && second.attempts == first.attempts)
            let id = second.id.string ?? ""
            #expect(try await kiln.get("/api/jobs/\(id)/result").body == Samples.obj())
        }
    }

    @Test(arguments: ["no-cache", "max-age=0, No-Store"])
    func `Cache-Control has the tools run`(directives: String) async throws {
        try await withCache { kiln in
            _ = try await kiln.ended(kiln.accepted())

            let answer = try await kiln.execute(
                .post, "/api/convert?format=obj&filename=box.obj", headers: [.cacheControl: directives],
                body: Samples.obj())

            let job = try await kiln.ended(answer.json.id.string ?? "")
            #expect(job.status.string == "succeeded" && job.cachedFrom == .null && job.startedAt != .null)
        }
    }

    @Test func `what must not be stored is not used for others`() async throws {
        try await withCache { kiln in
            let answer = try await kiln.execute(
                .post, "/api/convert?format=obj&filename=box.obj", headers: [.cacheControl: "no-store"],
                body: Samples.obj())
            _ = try await kiln.ended(answer.json.id.string ?? "")

            #expect(try await kiln.ended(kiln.accepted()).cachedFrom == .null)
        }
    }

    @Test func `with CACHE off the tools always run`() async throws {
        try await KilnServer.run(.copies) { kiln in
            _ = try await kiln.ended(kiln.accepted())

            #expect(try await kiln.ended(kiln.accepted()).cachedFrom == .null)
        }
    }

    private func withCache(_ test: (KilnServer) async throws -> Void) async throws {
        try await KilnServer.run(.copies, { $0.reusesResults = true }, test: test)
    }
}
