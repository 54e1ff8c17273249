import HTTPTypes
import TestSupport
import Testing

@testable import App

@Suite(.enabled(if: Installed.sandbox, Installed.noSandbox), .timeLimit(.minutes(5)))
struct WaitTests {
    @Test func `who waits for a job is told as soon as it ends`() async throws {
        try await KilnServer.run(.waits.then(.copies)) { kiln in
            let job = try await kiln.accepted()
            async let answer = kiln.get("/api/jobs/\(job)?wait=25")
            try await kiln.letGo(job)
            let start = ContinuousClock.now
            #expect(try await answer.json.status.string == "succeeded")
            #expect(start.duration(to: .now) < .seconds(20))
        }
    }

    @Test func `who waits for too short gets the job as it is then`() async throws {
        try await KilnServer.run(.waits.then(.copies)) { kiln in
            let job = try await kiln.accepted()
            let start = ContinuousClock.now
            let answer = try await kiln.get("/api/jobs/\(job)?wait=1")
            let took = start.duration(to: .now)
            #expect(answer.status == .ok)
            let status = try answer.json.status.string
            #expect(["pending", "running"].contains(status))
            #expect(took > .milliseconds(900) && took < .seconds(20))
            try await kiln.letGo(job)
            _ = try await kiln.ended(job)
        }
    }

    @Test func `nobody waits for a job that has ended, or for no time`() async throws {
        try await KilnServer.run(.copies) { kiln in
            let job = try await kiln.accepted()
            _ = try await kiln.ended(job)
            let start = ContinuousClock.now
            for wait in [60, 0] { #expect(try await kiln.get("/api/jobs/\(job)?wait=\(wait)").status == .ok) }
            #expect(start.duration(to: .now) < .seconds(20))
        }
    }

    @Test func `a time that makes no sense is 400`() async throws {
        try await KilnServer.run(.copies) { kiln in
            let job = try await kiln.accepted()
            for wait in ["61", "-1", "long", "", "1.5"] {
                let answer = try await kiln.get("/api/jobs/\(job)?wait=\(wait)")
                #expect(answer.status == .badRequest, "\(wait)")
                #expect(try answer.json.code.string == "malformedRequest")
            }
        }
    }
}
