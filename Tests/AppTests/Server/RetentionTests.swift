import HTTPTypes
import Persistence
import Pipeline
import TestSupport
import Testing

@testable import App

/// What clients see of files that are not kept any more, and operators of the clock.
@Suite(.enabled(if: Installed.sandbox, Installed.noSandbox), .timeLimit(.minutes(5)))
struct RetentionTests {
    @Test func `an expired result is 410, its log and its record say so, and its source stays`() async throws {
        try await KilnServer.run(.copies) {
            $0.resultTTL = .milliseconds(1)
        } test: { kiln in
            let job = try await kiln.ended(kiln.accepted()).id.string ?? ""
            try await eventually { try await kiln.get("/api/jobs/\(job)").json.expiredAt != .null }
            for part in ["result", "log"] {
                let answer = try await kiln.get("/api/jobs/\(job)/\(part)")
                #expect(answer.status == .gone, "\(part)")
                #expect(try answer.json.code.string == "expired")
            }
            let record = try await kiln.get("/api/jobs/\(job)").json
            #expect(record.status.string == "succeeded" && record.result.sha256.string != nil)
            #expect(try await kiln.get("/api/jobs/\(job)/source").status == .ok)
            let events = try await kiln.get("/api/jobs/\(job)/events").json.items.elements
            #expect(events.last?.reason.string == "expired")
        }
    }

    @Test func `an expired source is 410, and its job is not repeated`() async throws {
        try await KilnServer.run(.fails(3)) {
            $0.sourceTTL = .milliseconds(1)
        } test: { kiln in
            let job = try await kiln.ended(kiln.accepted()).id.string ?? ""
            try await eventually { try await kiln.get("/api/jobs/\(job)/source").status == .gone }
            #expect(try await kiln.execute(.post, "/api/jobs/\(job)/retry").status == .gone)
            #expect(try await kiln.get("/api/jobs/\(job)").json.retryable.bool == false)
        }
    }

    @Test func `a forgotten job is 404`() async throws {
        try await KilnServer.run(.copies) {
            $0.historyTTL = .milliseconds(1)
        } test: { kiln in
            let job = try await kiln.accepted()
            try await eventually { try await kiln.get("/api/jobs/\(job)").status == .notFound }
            #expect(try await kiln.get("/api/jobs").json.items.elements.isEmpty)
        }
    }

    @Test func `operators see that the clock is believed, and may say so`() async throws {
        try await KilnServer.run(.copies) { kiln in
            let socket = LocalSocket(in: kiln.server.store.folder.root)
            for (method, path) in [("GET", "/api/clock"), ("POST", "/api/clock/confirm")] {
                let answer = try await blocking { try socket.ask(method, path) }
                #expect(answer.status == 200)
                #expect(try JSON(answer.body).isBelieved.bool == true)
                #expect(try JSON(answer.body).aheadSeconds.int == 0)
            }
            #expect(try await kiln.get("/health").json.checks.clock.status.string == "ok")
        }
    }

    @Test func `a server that was off for long lets nothing expire until it is told that its clock is right`()
        async throws
    {
        try await withTemporaryFolder { folder in
            let job = try await KilnServer.run(.copies, in: folder) { kiln in
                let job = try await kiln.ended(kiln.accepted()).id.string ?? ""
                try await kiln.server.store.clock.believe(Instant.now - .seconds(86_400))
                return job
            }
            try await KilnServer.run(.copies, in: folder) {
                $0.resultTTL = .milliseconds(1)
            } test: { kiln in
                #expect(try await kiln.get("/health").json.checks.clock.status.string == "failed")
                #expect(try await kiln.get("/ready").status == .ok)
                await kiln.server.janitor.goRound()
                #expect(try await kiln.get("/api/jobs/\(job)/result").status == .ok)
                let socket = LocalSocket(in: kiln.server.store.folder.root)
                #expect(try await blocking { try socket.ask("POST", "/api/clock/confirm").status } == 200)
                try await eventually { try await kiln.get("/api/jobs/\(job)/result").status == .gone }
            }
        }
    }

    @Test func `what there is no room for is 507, and says what is free`() async throws {
        try await KilnServer.run(.copies) {
            $0.diskReserve = 1 << 50
        } test: { kiln in
            let answer = try await kiln.upload(to: "obj")
            #expect(answer.status.code == 507)
            #expect(try answer.json.detail.string?.contains(/\d+ are free/) == true)
        }
    }
}
