import HTTPTypes
import Persistence
import TestSupport
import Testing

@testable import App

/// Repeating what failed.
@Suite(.enabled(if: Installed.sandbox, Installed.noSandbox), .timeLimit(.minutes(5)))
struct RetryTests {
    @Test func `a failed job can be repeated: 202 with a new job that names the old one`() async throws {
        try await withTemporaryFolder { folder in
            let old = try await KilnServer.run(.dies(of: "SEGV"), in: folder) { kiln in
                try await kiln.ended(kiln.accepted())
            }
            try await KilnServer.run(.copies, in: folder) { kiln in
                let answer = try await kiln.execute(.post, "/api/jobs/\(old.id.string ?? "")/retry")
                #expect(answer.status == .accepted)
                let id = try #require(try answer.json.id.string)
                #expect(answer.headers[.location] == "/api/jobs/\(id)")
                let new = try await kiln.ended(id)
                #expect(new.retryOf.string == old.id.string && new.status.string == "succeeded")
                #expect(new.source.sha256 == old.source.sha256 && new.source.filename == old.source.filename)
            }
        }
    }

    @Test func `dead letters are the failed jobs that are worth repeating, until they were repeated`() async throws {
        try await KilnServer.run(.dies(of: "SEGV")) { kiln in
            _ = try await kiln.upload([], to: "obj")
            let job = try await kiln.ended(kiln.accepted())
            #expect(job.retryable.bool == true)
            let letters = "/api/jobs?status=failed&retryable=true"
            #expect(try await kiln.get(letters).json.items.elements.map(\.id) == [job.id])
            let again = try await kiln.execute(.post, "/api/jobs/\(job.id.string ?? "")/retry").json.id
            _ = try await kiln.ended(again.string ?? "")
            #expect(try await kiln.get(letters).json.items.elements.map(\.id) == [again])
        }
    }

    @Test func `only failed jobs can be asked for as retryable`() async throws {
        try await KilnServer.run { kiln in
            for query in ["retryable=false", "retryable=", "status=succeeded&retryable=true"] {
                let answer = try await kiln.get("/api/jobs?\(query)")
                #expect(answer.status == .badRequest)
            }
        }
    }

    @Test func `what has not ended, has succeeded or never arrived is not repeated`() async throws {
        try await KilnServer.run(.waits.then(.copies)) { kiln in
            let id = try await kiln.accepted()
            #expect(try await refusal(of: id, kiln) == "notFinished")
            try await kiln.letGo(id)
            _ = try await kiln.ended(id)
            #expect(try await refusal(of: id, kiln) == "notRetryable")
            _ = try await kiln.upload([], to: "obj")
            #expect(try await refusal(of: kiln.newest().id.string ?? "", kiln) == "notRetryable")
            let stranger = try await kiln.execute(.post, "/api/jobs/0193500a-8d3e-7b02-b0a4-2f6c9d1e8a11/retry")
            #expect(stranger.status == .notFound)
        }
    }

    private func refusal(of job: String, _ kiln: KilnServer) async throws -> String? {
        let answer = try await kiln.execute(.post, "/api/jobs/\(job)/retry")
        #expect(answer.status == .conflict)
        return try answer.json.code.string
    }

    @Test func `a retry waits in the queue like any other, and is refused when that is full`() async throws {
        try await KilnServer.run(.dies(of: "SEGV")) {
            $0.maxQueue = 1
        } test: { kiln in
            let job = try await kiln.ended(kiln.accepted())
            let (upload, _) = try await kiln.server.store.jobs.receive(.sample())
            let answer = try await kiln.execute(.post, "/api/jobs/\(job.id.string ?? "")/retry")
            #expect(answer.status == .tooManyRequests && answer.headers[.retryAfter] != nil)
            try await kiln.server.store.jobs.refuse(upload, .init(.rejected, "No."))
        }
    }
}
