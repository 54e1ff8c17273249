import HTTPTypes
import Pipeline
import TestSupport
import Testing

@testable import App

/// Ending jobs and giving up their files, over HTTP.
@Suite(.enabled(if: Installed.sandbox, Installed.noSandbox), .timeLimit(.minutes(5)))
struct CancelTests {
    @Test func `a running job is cancelled, and stays so`() async throws {
        try await KilnServer.run(.hangs) { kiln in
            let id = try await kiln.accepted()
            try await eventually { try await kiln.get("/api/jobs/\(id)").json.status.string == "running" }
            let answer = try await kiln.execute(.post, "/api/jobs/\(id)/cancel", headers: [.requestId: "request-8"])
            #expect(answer.status == .ok)
            #expect(try answer.json.status.string == "cancelled")
            #expect(try answer.json.attempts[0].outcome.string == "cancelled")
            let events = try await kiln.get("/api/jobs/\(id)/events").json.items.elements
            #expect(events.last?.to.string == "cancelled" && events.last?.requestId.string == "request-8")
            try await eventually { kiln.server.permits.inUse == ["fake": 0] }
            #expect(Processes.mentioning(id).isEmpty)
        }
    }

    @Test func `cancelling twice is answered like the first time, and what has ended otherwise is 409`() async throws {
        try await KilnServer.run(.waits.then(.copies)) { kiln in
            let cancelled = try await kiln.accepted()
            for _ in 0..<2 {
                let answer = try await kiln.execute(.post, "/api/jobs/\(cancelled)/cancel")
                #expect(answer.status == .ok)
                #expect(try answer.json.status.string == "cancelled")
            }
            let good = try await kiln.accepted()
            try await kiln.letGo(good)
            _ = try await kiln.ended(good)
            let late = try await kiln.execute(.post, "/api/jobs/\(good)/cancel")
            #expect(late.status == .conflict)
            #expect(try late.json.code.string == "alreadyFinished")
        }
    }

    @Test func `an upload that is cancelled is answered with 409`() async throws {
        try await KilnServer.run(.copies) { kiln in
            let client = try RawClient(port: kiln.port)
            try client.send(head("POST", "/api/convert?format=obj", "Content-Length: 100000") + "v 0 0 0\n")
            try await eventually { try await kiln.newest().status.string == "uploading" }
            let id = try #require(try await kiln.newest().id.string)
            #expect(try await kiln.execute(.post, "/api/jobs/\(id)/cancel").status == .ok)
            _ = client.send(Array(repeating: UInt8(ascii: "\n"), count: 90_000), upTo: 90_000)
            let answer = try await blocking { try Answer(from: client) }
            #expect(answer.status == .conflict)
            #expect(try answer.json.code.string == "cancelled")
            #expect(try await kiln.get("/api/jobs/\(id)").json.status.string == "cancelled")
        }
    }

    @Test func `a deleted job keeps its record, and its files answer 410`() async throws {
        try await KilnServer.run(.says("done").then(.copies)) { kiln in
            let job = try await kiln.ended(kiln.accepted())
            let address = try #require(job.links["self"].string)
            let answer = try await kiln.execute(.delete, address)
            #expect(answer.status == .ok)
            let deleted = try answer.json
            #expect(deleted.expiredAt.string != nil && deleted.status.string == "succeeded")
            #expect(deleted.result.sha256 == job.result.sha256 && deleted.source.size == job.source.size)
            for part in ["result", "source", "log", "preview"] {
                let gone = try await kiln.get("\(address)/\(part)")
                #expect(gone.status == .gone, "\(part)")
            }
            #expect(try await kiln.execute(.post, "\(address)/retry").status == .conflict)
            #expect(try await kiln.execute(.delete, address).status == .ok)
        }
    }

    @Test func `a failed job whose file was deleted cannot be repeated`() async throws {
        try await KilnServer.run(.dies(of: "SEGV")) { kiln in
            let job = try await kiln.ended(kiln.accepted())
            let address = try #require(job.links["self"].string)
            _ = try await kiln.execute(.delete, address)
            let answer = try await kiln.execute(.post, "\(address)/retry")
            #expect(answer.status == .gone)
            #expect(try answer.json.code.string == "expired")
        }
    }

    @Test func `a job under way is not deleted, and an unknown one is 404`() async throws {
        try await KilnServer.run(.hangs) { kiln in
            let id = try await kiln.accepted()
            let answer = try await kiln.execute(.delete, "/api/jobs/\(id)")
            #expect(answer.status == .conflict)
            #expect(try answer.json.code.string == "notFinished")
            #expect(try await kiln.execute(.post, "/api/jobs/\(id)/cancel").status == .ok)
            let stranger = "/api/jobs/0193500a-8d3e-7b02-b0a4-2f6c9d1e8a11"
            #expect(try await kiln.execute(.delete, stranger).status == .notFound)
            #expect(try await kiln.execute(.post, "\(stranger)/cancel").status == .notFound)
        }
    }
}
