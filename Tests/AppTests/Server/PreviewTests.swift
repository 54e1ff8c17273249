import HTTPTypes
import Pipeline
import TestSupport
import Testing

@testable import App

/// A picture of a result, by a tool that paints the same picture of everything.
@Suite(.enabled(if: Installed.sandbox, Installed.noSandbox), .timeLimit(.minutes(5)))
struct PreviewTests {
    @Test func `a picture is made when somebody asks, once`() async throws {
        try await withPainter(.makes(Samples.picture())) { kiln in
            let job = try await kiln.accepted()
            _ = try await kiln.ended(job)
            let first = try await kiln.get("/api/jobs/\(job)/preview")
            #expect(first.status == .ok && first.headers[.contentType] == "image/png")
            #expect(first.body == Samples.picture())
            let second = try await kiln.get("/api/jobs/\(job)/preview")
            #expect(second.headers[.eTag] == first.headers[.eTag])
            #expect(try await kiln.get("/api/jobs").json.items.elements.count == 1)
        }
    }

    @Test func `a picture that fails harms nothing but itself`() async throws {
        try await withPainter(.fails(4)) { kiln in
            let job = try await kiln.accepted()
            _ = try await kiln.ended(job)
            let answer = try await kiln.get("/api/jobs/\(job)/preview")
            #expect(answer.status == .conflict)
            #expect(try answer.json.code.string == "notSucceeded")
            #expect(try await kiln.get("/api/jobs/\(job)").json.status.string == "succeeded")
            #expect(try await kiln.get("/api/jobs/\(job)/result").status == .ok)
        }
    }

    @Test func `there is no picture of what is not finished, not known, or not shown by any tool`() async throws {
        try await KilnServer.run(.waits.then(.copies)) { kiln in
            let job = try await kiln.accepted()
            #expect(try await kiln.get("/api/jobs/\(job)/preview").status == .conflict)
            #expect(try await kiln.get("/api/jobs/00000000-0000-7000-8000-000000000000/preview").status == .notFound)
            try await kiln.letGo(job)
            _ = try await kiln.ended(job)
            let answer = try await kiln.get("/api/jobs/\(job)/preview")
            #expect(answer.status == .notFound)
            #expect(try answer.json.code.string == "noPreview")
        }
    }

    private func withPainter(_ behaviour: FakeBehaviour, _ test: (KilnServer) async throws -> Void) async throws {
        let painter = FakeTool("painter", reads: [.obj], writes: [.png], serves: .preview, does: behaviour)
        try await KilnServer.run(.copies, and: painter, test: test)
    }
}
