import Crypto
import HTTPTypes
import TestSupport
import Testing

@testable import App

@Suite(.enabled(if: Installed.sandbox, Installed.noSandbox), .timeLimit(.minutes(5)))
struct ResultTests {
    /// Lets `test` look at a job that has succeeded.
    private func converted(
        as name: String = "box.obj", _ test: (_ kiln: KilnServer, _ job: JSON, _ path: String) async throws -> Void
    ) async throws {
        try await KilnServer.run(.copies) { kiln in
            let job = try await kiln.ended(kiln.accepted(as: name))
            try #require(job.status.string == "succeeded")
            try await test(kiln, job, try #require(job.links.result.string))
        }
    }

    @Test func `a result is the file that the job says, byte for byte`() async throws {
        try await converted { kiln, job, path in
            let answer = try await kiln.get(path)
            #expect(answer.status == .ok)
            #expect(answer.body == Samples.obj())
            #expect(job.result.sha256.string == sha256(answer.body))
            #expect(answer.headers[.eTag] == "\"\(sha256(answer.body))\"")
            #expect(job.result.size.int == answer.body.count)
            #expect(answer.headers[.contentLength] == "\(answer.body.count)")
            #expect(job.result.verifiedBy.string == "kiln")
            #expect(job.result.geometry.triangles.int == Samples.triangles)
        }
    }

    @Test func `a result is an attachment under the client's name, and is never guessed at or run`() async throws {
        try await converted(as: "Käse.v2.OBJ") { kiln, job, path in
            let answer = try await kiln.get(path)
            #expect(job.result.filename.string == "Käse.v2.obj")
            #expect(
                answer.headers[.contentDisposition]
                    == "attachment; filename=\"K_se.v2.obj\"; filename*=UTF-8''K%C3%A4se.v2.obj")
            #expect(answer.headers[.contentType] == "model/obj")
            #expect(answer.headers[.xContentTypeOptions] == "nosniff")
            #expect(answer.headers[.contentSecurityPolicy] == "sandbox")
        }
    }

    @Test func `HEAD tells the same and sends nothing`() async throws {
        try await converted { kiln, _, path in
            let whole = try await kiln.get(path)
            let answer = try await kiln.execute(.head, path)
            #expect(answer.status == .ok && answer.body.isEmpty)
            for field in [HTTPField.Name.eTag, .contentLength, .contentType, .contentDisposition, .acceptRanges] {
                #expect(answer.headers[field] == whole.headers[field] && answer.headers[field] != nil)
            }
        }
    }

    @Test func `a part of a result is that part, as long as it is the same file`() async throws {
        try await converted { kiln, _, path in
            let tag = try #require(try await kiln.get(path).headers[.eTag])
            let part = try await kiln.get(path, headers: [.range: "bytes=10-19", .ifRange: tag])
            #expect(part.status == .partialContent)
            #expect(part.body == Array(Samples.obj()[10...19]))
            #expect(part.headers[.contentRange] == "bytes 10-19/\(Samples.obj().count)")
            let whole = try await kiln.get(path, headers: [.range: "bytes=10-19", .ifRange: "\"another\""])
            #expect(whole.status == .ok && whole.body == Samples.obj())
        }
    }

    @Test func `who has the result already is told so`() async throws {
        try await converted { kiln, _, path in
            let tag = try #require(try await kiln.get(path).headers[.eTag])
            let answer = try await kiln.get(path, headers: [.ifNoneMatch: tag])
            #expect(answer.status == .notModified && answer.body.isEmpty)
        }
    }

    @Test func `a result survives any number of downloads, many of them at once`() async throws {
        try await converted { kiln, _, path in
            let bodies = try await withThrowingTaskGroup(of: [UInt8].self) { group in
                for _ in 1...20 { group.addTask { try await kiln.get(path).body } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(bodies.count == 20 && bodies.allSatisfy { $0 == Samples.obj() })
        }
    }

    @Test func `a source comes back as it was sent`() async throws {
        try await converted { kiln, job, _ in
            let answer = try await kiln.get(try #require(job.links.source.string))
            #expect(answer.status == .ok && answer.body == Samples.obj())
            #expect(answer.headers[.eTag] == "\"\(job.source.sha256.string ?? "")\"")
            #expect(answer.headers[.contentDisposition]?.contains("filename=\"box.obj\"") == true)
        }
    }

    @Test func `a result of several files is a zip`() async throws {
        let material = FakeBehaviour.writes(Array("newmtl skin\n".utf8), to: "/out/box.mtl")
        try await KilnServer.run(.copies.then(material)) { kiln in
            let job = try await kiln.ended(kiln.accepted())
            let answer = try await kiln.get("/api/jobs/\(job.id.string ?? "")/result")
            #expect(job.result.packaging.string == "zip" && job.result.filename.string == "box.zip")
            #expect(answer.headers[.contentType] == "application/zip")
            #expect(answer.body.starts(with: Array("PK".utf8)))
        }
    }
}

private func sha256(_ bytes: [UInt8]) -> String {
    SHA256.hash(data: bytes).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
