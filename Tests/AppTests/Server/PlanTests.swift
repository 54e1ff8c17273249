import HTTPTypes
import TestSupport
import Testing

@testable import App

@Suite(.enabled(if: Installed.assimp, Installed.noAssimp), .timeLimit(.minutes(5)))
struct PlanTests {
    @Test func `a plan tells the way and what is lost on it`() async throws {
        try await KilnServer.run { kiln in
            let answer = try await kiln.plan(#"{"from": "GLB", "to": "stl", "options": {"targetUnit": "in"}}"#)
            let plan = try answer.json
            #expect(answer.status == .ok)
            #expect(plan.route[0].converters[0].string == "assimp")
            #expect(plan.losses.elements.compactMap(\.feature.string) == ["materials", "textures", "animations"])
            #expect(plan.options.elements.contains(.string("targetUnit")))
        }
    }

    @Test(arguments: [
        ("{}", 400, "missingFormat"), (#"{"from": "obj"}"#, 400, "missingFormat"),
        (#"{"from": "obj", "to": "gld"}"#, 400, "unknownFormat"), ("[]", 400, "malformedRequest"),
        (#"{"from": "obj", "to": "glb", "via": "stl"}"#, 400, "unknownField"),
        (#"{"from": "obj", "to": "dwg"}"#, 422, "noRoute"),
        (#"{"from": "obj", "to": "glb", "options": {"scale": "big"}}"#, 422, "invalidOption"),
        (#"{"from": "obj", "to": "glb", "options": {"tolerance": 0.01}}"#, 422, "invalidOption"),
    ]) func `a wrong plan is refused by what is wrong with it`(body: String, status: Int, code: String) async throws {
        try await KilnServer.run { kiln in
            let answer = try await kiln.plan(body)
            #expect(answer.status.code == status, "\(answer.text)")
            #expect(try answer.json.code.string == code)
        }
    }

    @Test func `options of an upload are kept with the job, and obeyed`() async throws {
        try await KilnServer.run { kiln in
            let answer = try await kiln.post([
                .file("box.obj", Samples.obj()), .field("format", "stl"),
                .field("options", #"{"sourceUnit": "cm", "scale": 2, "binary": null}"#),
            ])
            #expect(answer.status == .accepted, "\(answer.text)")
            let job = try await kiln.ended(try #require(try answer.json.id.string))
            #expect(job.options.sourceUnit.string == "cm" && job.options.scale.int == 2)
            let extents = job.result.geometry.extents.elements.compactMap(\.double)
            let size = Samples.extents.map { Double($0) * 10 * 2 }
            #expect(extents == size && job.result.geometry.unit.double == 0.001)
            #expect(job.source.geometry.triangles.int == Samples.triangles)
        }
    }

    @Test func `a wrong option is 422 with its place, and leaves a row`() async throws {
        try await KilnServer.run { kiln in
            for answer in [
                try await kiln.post([
                    .file("box.obj", Samples.obj()), .field("format", "glb"), .field("options", #"{"scale": -1}"#),
                ]),
                try await kiln.upload(raw: Samples.obj(), "format=glb&options=%7B%22scale%22:-1%7D"),
            ] {
                #expect(answer.status == .unprocessableContent)
                #expect(try answer.json.code.string == "invalidOption")
                #expect(try answer.json.pointer.string == "/options/scale")
                #expect(try await kiln.newest().failure.code.string == "rejected")
            }
        }
    }
}

extension Served {
    fileprivate func plan(_ body: String) async throws -> Answer {
        try await execute(.post, "/api/plan", headers: [.contentType: "application/json"], body: Array(body.utf8))
    }
}
