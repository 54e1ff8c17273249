import HTTPTypes
import TestSupport
import Testing

@testable import App

@Suite(.enabled(if: Installed.sandbox, Installed.noSandbox), .timeLimit(.minutes(5)))
struct JobRecordTests {
    @Test func `an attempt is on record with tool, version, arguments, exit and cost`() async throws {
        try await KilnServer.run(.copies) { kiln in
            let job = try await kiln.ended(kiln.accepted())
            let attempt = job.attempts[0]
            #expect(job.attempts.elements.count == 1)
            #expect(attempt.number.int == 1 && attempt.step.int == 0 && attempt.converter.string == "fake")
            #expect(attempt.toolVersion.string == "1.2.3")
            #expect(
                attempt.arguments
                    == .array(["fake", "/in/model.obj", "/out/model.obj"].map(JSON.string)))
            #expect(attempt.outcome.string == "succeeded" && attempt.exitCode.int == 0 && attempt.signal == .null)
            #expect(attempt.cpuSeconds.double != nil && attempt.peakMemoryBytes.int ?? 0 > 0)
            #expect(attempt.startedAt.string != nil && attempt.finishedAt.string != nil)
        }
    }

    @Test func `what the tool said is kept as text`() async throws {
        try await KilnServer.run(.says("copying").then(.copies)) { kiln in
            let job = try await kiln.ended(kiln.accepted())
            let answer = try await kiln.get(try #require(job.links.log.string))
            #expect(answer.status == .ok)
            #expect(answer.headers[.contentType] == "text/plain; charset=utf-8")
            #expect(answer.text == "copying\n")
        }
    }

    @Test func `what a tool said that failed is kept as well`() async throws {
        try await KilnServer.run(.fails(3, saying: "this is beyond me")) { kiln in
            let job = try await kiln.ended(kiln.accepted())
            #expect(try await kiln.get(try #require(job.links.log.string)).text == "this is beyond me\n")
        }
    }

    @Test func `a job that no tool has seen has an empty log`() async throws {
        try await KilnServer.run(.copies) { kiln in
            _ = try await kiln.upload([], to: "obj")
            let answer = try await kiln.get("/api/jobs/\(try await kiln.newest().id.string ?? "")/log")
            #expect(answer.status == .ok && answer.body.isEmpty)
        }
    }

    @Test func `every transition is an event, with the request that caused it`() async throws {
        try await KilnServer.run(.copies) { kiln in
            let form = MultipartBody(parts: [.file("box.obj", Samples.obj()), .field("format", "obj")])
            let id = try await kiln.execute(
                .post, "/api/convert",
                headers: [.contentType: "multipart/form-data; boundary=sample", .requestId: "request-7"],
                body: form.bytes
            ).json.id.string
            let job = try await kiln.ended(try #require(id))
            let events = try await kiln.get(try #require(job.links.events.string)).json.items.elements
            #expect(events.map(\.to.string) == ["uploading", "pending", "running", "succeeded"])
            #expect(events.map(\.from.string) == [nil, "uploading", "pending", "running"])
            #expect(events.allSatisfy { $0.subjectKind.string == "job" && $0.subjectId.string == id })
            #expect(events.first?.requestId.string == "request-7")
            #expect(events.last?.attempt.int == 1)
        }
    }

    @Test func `an upload that was refused has its events too`() async throws {
        try await KilnServer.run(.copies) { kiln in
            _ = try await kiln.upload([], to: "obj")
            let events = try await kiln.get("/api/jobs/\(try await kiln.newest().id.string ?? "")/events").json
            #expect(events.items.elements.map(\.to.string) == ["uploading", "failed"])
            #expect(events.items[1].reason.string == "rejected")
        }
    }
}
