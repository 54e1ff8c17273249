import HTTPTypes
import TestSupport
import Testing

@testable import App

@Suite(.enabled(if: Installed.assimp, Installed.noAssimp), .timeLimit(.minutes(5)))
struct RefusedModelTests {
    /// The problem with an upload, after a look at what the row says of it.
    private func problem(
        with file: [UInt8], as name: String, to format: String = "glb", failure: String = "rejected"
    ) async throws -> (status: Int, problem: JSON) {
        try await KilnServer.run { kiln in
            let answer = try await kiln.upload(file, as: name, to: format)
            let problem = try answer.json
            let row = try await kiln.newest()
            #expect(row.status.string == "failed" && row.failure.code.string == failure)
            #expect(row.failure.message == problem.detail)
            #expect(row.source.filename.string == name && row.target.format.string == format)
            return (answer.status.code, problem)
        }
    }

    @Test func `a picture named like a model is 415 with what was seen`() async throws {
        let (status, problem) = try await problem(with: Samples.png(), as: "box.obj")
        #expect(status == 415 && problem.code.string == "contradictedName")
        #expect(problem.detail.string?.contains("PNG") == true)
    }

    @Test func `what nobody knows is 415`() async throws {
        let (status, problem) = try await problem(with: Array("what is this?".utf8), as: "box")
        #expect(status == 415 && problem.code.string == "unrecognisedContent")
    }

    @Test func `a target out of reach is 422 with those that can be reached`() async throws {
        let (status, problem) = try await problem(with: Samples.obj(), as: "box.obj", to: "3mf")
        #expect(status == 422 && problem.code.string == "noRoute")
        for target in ["glb", "gltf", "stl", "ply"] { #expect(problem.detail.string?.contains(target) == true) }
    }

    @Test func `a model that reaches out is 422, however it says so`() async throws {
        try await KilnServer.run { kiln in
            for uri in [
                "../../etc/passwd", "%2e%2e/%2e%2e/etc/passwd", "file:///etc/passwd", "/etc/passwd", "http://x/y",
            ] {
                let answer = try await kiln.upload(Samples.gltf(bufferURI: uri), as: "box.gltf", to: "glb")
                #expect(answer.status == .unprocessableContent, "\(uri)")
                #expect(try answer.json.code.string == "unsafeReference")
                #expect(try await kiln.newest().failure.code.string == "unsafeReference")
            }
        }
    }

    @Test func `a model whose buffer was not sent is 422 with its name`() async throws {
        let (status, problem) = try await problem(
            with: Samples.gltf(bufferURI: "box.bin"), as: "box.gltf", failure: "missingDependency")
        #expect(status == 422 && problem.code.string == "missingDependency")
        #expect(problem.detail.string?.contains("\"box.bin\"") == true)
    }

    @Test func `a material that was not sent is a warning, not a refusal`() async throws {
        try await KilnServer.run { kiln in
            let job = try await kiln.accepted(Samples.obj(texture: "skin.png").obj, to: "stl")
            let end = try await kiln.ended(job)
            #expect(end.status.string == "succeeded")
            #expect(end.warnings[0].string?.contains("box.mtl") == true)
        }
    }
}
