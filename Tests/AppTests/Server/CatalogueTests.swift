import HTTPTypes
import Pipeline
import SystemPackage
import TestSupport
import Testing

@testable import App

@Suite(.timeLimit(.minutes(5)))
struct CatalogueTests {
    @Test(.enabled(if: Installed.assimp, Installed.noAssimp))
    func `a format says what it can become, and by whom`() async throws {
        try await KilnServer.run { kiln in
            let formats = try await kiln.get("/api/formats").json.formats.elements
            let obj = try #require(formats.first { $0.name.string == "obj" })
            let glb = try #require(obj.targets.elements.first { $0.format.string == "glb" })
            #expect(glb.route[0].converters[0].string == "assimp")
            #expect(obj.extensions.elements.contains(.string("obj")) && obj.mediaType.string == "model/obj")
            #expect(Set(formats.compactMap(\.name.string)) == Set(Format.all.map(\.name)))
        }
    }

    @Test(.enabled(if: Installed.assimp, Installed.noAssimp))
    func `every target that is offered is taken`() async throws {
        try await KilnServer.run { kiln in
            let formats = try await kiln.get("/api/formats").json.formats.elements
            let targets = formats.first { $0.name.string == "obj" }?.targets.elements.compactMap(\.format.string) ?? []
            #expect(targets.count > 3)
            for target in targets {
                let job = try await kiln.ended(kiln.accepted(to: target))
                #expect(job.status.string == "succeeded", "\(target): \(job.failure)")
            }
        }
    }

    @Test(.enabled(if: Installed.assimp, Installed.noAssimp))
    func `a converter that is installed says its version and its limit`() async throws {
        try await KilnServer.run {
            $0.toolLimits["assimp"] = 3
        } test: { kiln in
            let assimp = try await kiln.get("/api/converters").json.converters[0]
            #expect(assimp.name.string == "assimp" && assimp.installed.bool == true)
            #expect(assimp.version.string?.contains(".") == true && assimp.limit.int == 3)
            #expect(assimp.reads.elements.contains(.string("obj")) && assimp.writes.elements.contains(.string("glb")))
        }
    }

    @Test func `a converter whose tool is not there says so and how to get it, and offers nothing`() async throws {
        try await KilnServer.run {
            $0.toolPaths["assimp"] = "/nowhere/assimp"
        } test: { kiln in
            let assimp = try await kiln.get("/api/converters").json.converters[0]
            #expect(assimp.installed.bool == false && assimp.version == .null)
            #expect(assimp.reason.string?.contains("/nowhere/assimp") == true)
            #expect(assimp.install.string?.contains("apt-get install") == true)
            let formats = try await kiln.get("/api/formats").json.formats.elements
            #expect(formats.allSatisfy { $0.targets.elements.isEmpty })
            let answer = try await kiln.upload(to: "glb")
            #expect(answer.status == .unprocessableContent)
            #expect(try answer.json.code.string == "noRoute")
        }
    }
}
