import HTTPTypes
import TestSupport
import Testing

@testable import App

@Suite(.enabled(if: Installed.sandbox, Installed.noSandbox), .timeLimit(.minutes(5)))
struct NoResultTests {
    @Test func `before the end, a result is 409 with a time to come back`() async throws {
        try await KilnServer.run(.waits.then(.copies)) { kiln in
            let job = try await kiln.accepted()
            let answer = try await kiln.get("/api/jobs/\(job)/result")
            #expect(answer.status == .conflict)
            #expect(answer.headers[.retryAfter].flatMap { Int($0) } ?? 0 > 0)
            #expect(try answer.json.code.string == "notFinished")
            try await kiln.letGo(job)
            #expect(try await kiln.ended(job).status.string == "succeeded")
        }
    }

    @Test func `after a failure, a result is 409 with the failure`() async throws {
        try await KilnServer.run(.fails(3, saying: "this is beyond me")) { kiln in
            let job = try await kiln.ended(kiln.accepted())
            let answer = try await kiln.get("/api/jobs/\(job.id.string ?? "")/result")
            #expect(answer.status == .conflict)
            #expect(answer.headers[.retryAfter] == nil)
            #expect(try answer.json.code.string == "notSucceeded")
            #expect(try answer.json.failure == job.failure)
            #expect(job.failure.code.string == "toolFailed" && job.attempts[0].exitCode.int == 3)
        }
    }

    @Test func `a refused upload has neither source nor result`() async throws {
        try await KilnServer.run(.copies) { kiln in
            _ = try await kiln.upload([], to: "obj")
            let id = try await kiln.newest().id.string ?? ""
            for part in ["source", "result"] {
                let answer = try await kiln.get("/api/jobs/\(id)/\(part)")
                #expect(answer.status == .conflict)
                #expect(try answer.json.failure.code.string == "rejected")
            }
        }
    }

    @Test func `a model without geometry is no success, whatever the tool says`() async throws {
        try await KilnServer.run(.makes(Array("o nothing\n".utf8))) { kiln in
            let job = try await kiln.ended(kiln.accepted())
            #expect(job.status.string == "failed" && job.failure.code.string == "emptyResult")
            #expect(job.attempts[0].outcome.string == "failed" && job.attempts[0].exitCode.int == 0)
        }
    }

    @Test func `a tool that takes too long is stopped, and the job fails as timed out`() async throws {
        try await KilnServer.run(.hangs) {
            $0.conversionTimeout = .milliseconds(500)
        } test: { kiln in
            let job = try await kiln.ended(kiln.accepted())
            #expect(job.failure.code.string == "timedOut")
            #expect(try await kiln.get("/api/jobs/\(job.id.string ?? "")/result").status == .conflict)
        }
    }
}
