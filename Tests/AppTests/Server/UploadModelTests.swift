import HTTPTypes
import TestSupport
import Testing

@testable import App

/// Models of several files over HTTP: as parts of a form, and as one zip.
@Suite(.enabled(if: Installed.sandbox, Installed.noSandbox), .timeLimit(.minutes(5)))
struct UploadModelTests {
    private static let box = Samples.obj(texture: "maps/wood.png")
    private static let files = [("box.obj", box.obj), ("box.mtl", box.mtl), ("maps/wood.png", Samples.png())]
    private static let parts = files.map { MultipartBody.Part.file($0.0, $0.1) }

    @Test func `several parts are one job, and its source is a zip of them`() async throws {
        try await KilnServer.run(.copies) { kiln in
            let answer = try await kiln.post(Self.parts + [.field("format", "obj")])
            let job = try answer.json
            try #require(answer.status == .accepted, "\(answer.text)")
            #expect(job.source.packaging.string == "zip" && job.source.root.string == "box.obj")
            #expect(job.source.filename.string == "box.zip" && job.source.format.string == "obj")

            let source = try await kiln.get("/api/jobs/\(job.id.string ?? "")/source")
            #expect(source.headers[.contentType] == "application/zip")
            #expect(source.headers[.contentDisposition]?.contains("box.zip") == true)
            #expect(source.body.starts(with: "PK".utf8) && source.body.count == job.source.size.int)
        }
    }

    @Test func `a zip as the bare body is one job, and comes back byte for byte`() async throws {
        try await KilnServer.run(.copies) { kiln in
            let zip = Samples.zip(Self.files.map { ("house/" + $0.0, $0.1) } + [("other.obj", Samples.obj())])
            let answer = try await kiln.upload(raw: zip, "format=obj&filename=house.zip&root=house/box.obj")
            let job = try answer.json
            try #require(answer.status == .accepted, "\(answer.text)")
            #expect(job.source.root.string == "house/box.obj" && job.source.filename.string == "house.zip")
            #expect(try await kiln.get("/api/jobs/\(job.id.string ?? "")/source").body == zip)
        }
    }

    @Test func `a model of hundreds of files fits into one form`() async throws {
        try await KilnServer.run(.copies) { kiln in
            let textures = (0..<300).map { MultipartBody.Part.file("maps/\($0).png", Samples.png()) }
            let answer = try await kiln.post(Self.parts + textures + [.field("format", "obj"), .field("root", "")])
            #expect(answer.status == .accepted, "\(answer.text)")
        }
    }

    private struct Refused {
        let status: HTTPResponse.Status
        let code: String
        let words: [String]
        let parts: [MultipartBody.Part]
    }

    private static let second = MultipartBody.Part.file("b.obj", Samples.obj())

    private static let refused = [
        Refused(
            status: .unprocessableContent, code: "missingDependency", words: ["\"box.mtl\""],
            parts: [parts[0], parts[2]]),
        Refused(
            status: .unprocessableContent, code: "unsafeReference", words: ["../wood.png"],
            parts: [parts[0], .file("box.mtl", Samples.obj(texture: "../wood.png").mtl)]),
        Refused(
            status: .unprocessableContent, code: "ambiguousRoot", words: ["\"a.obj\", \"b.obj\"", "\"root\""],
            parts: [.file("a.obj", Samples.obj()), second]),
        Refused(
            status: .badRequest, code: "unknownRoot", words: ["\"house.obj\"", "\"box.obj\""],
            parts: parts + [.field("root", "house.obj")]),
        Refused(
            status: .badRequest, code: "invalidArchive", words: ["lead out"],
            parts: [.file("a.zip", Samples.zip([("/etc/box.obj", Samples.obj())]))]),
        Refused(
            status: .unsupportedMediaType, code: "noModel", words: ["\"wood.png\""],
            parts: [.file("a.zip", Samples.zip([("wood.png", Samples.png())]))]),
    ]

    @Test func `what is wrong with a model is told by its code, in words, and leaves a row`() async throws {
        try await KilnServer.run(.copies) { kiln in
            for form in Self.refused {
                let answer = try await kiln.post(form.parts + [.field("format", "obj")])
                let problem = try answer.json
                #expect(answer.status == form.status && problem.code.string == form.code, "\(answer.text)")
                for word in form.words { #expect(problem.detail.string?.contains(word) == true, "\(answer.text)") }
                let row = try await kiln.newest()
                #expect(row.status.string == "failed" && row.failure.message == problem.detail)
            }
        }
    }

    @Test(arguments: [("", "There is no file of parameter sets"), ("{\"small\": {}}", "Known are: small.")])
    func `a set of parameters that was not sent is 422 with the sets there are`(
        sets: String, sentence: String
    ) async throws {
        try await KilnServer.run(.copies) { kiln in
            var parts: [MultipartBody.Part] = [
                .file("box.scad", Array("cube(1);".utf8)), .field("format", "stl"),
                .field("options", #"{"parameterSet": "large"}"#),
            ]
            if !sets.isEmpty {
                parts.append(
                    .file("box.json", Array("{\"parameterSets\": \(sets), \"fileFormatVersion\": \"1\"}".utf8)))
            }
            let answer = try await kiln.post(parts)
            #expect(answer.status == .unprocessableContent, "\(answer.text)")
            #expect(try answer.json.pointer.string == "/options/parameterSet")
            #expect(try answer.json.detail.string?.contains(sentence) == true, "\(answer.text)")
        }
    }
}

/// Models of several files, converted by a real tool.
@Suite(.enabled(if: Installed.assimp, Installed.noAssimp), .timeLimit(.minutes(5)))
struct ConvertedModelTests {
    @Test func `a scene and its buffer become one file, whatever the case of their names`() async throws {
        try await KilnServer.run { kiln in
            let answer = try await kiln.post([
                .file("Box.gltf", Samples.gltf(bufferURI: "data/Box%20A.bin")),
                .file("data/box a.BIN", Samples.buffer), .field("format", "glb"),
            ])
            let end = try await kiln.ended(try #require(try answer.json.id.string, "\(answer.text)"))
            #expect(end.status.string == "succeeded", "\(end)")
            #expect(end.result.geometry.triangles.int == 12 && end.result.filename.string == "Box.glb")
        }
    }

    @Test func `a zip of an OBJ takes its material along`() async throws {
        try await KilnServer.run { kiln in
            let box = Samples.obj(texture: "wood.png")
            let zip = Samples.zip([("h/box.obj", box.obj), ("h/box.mtl", box.mtl), ("h/wood.png", Samples.png())])
            let answer = try await kiln.upload(raw: zip, "format=glb&filename=house.zip")
            let id = try #require(try answer.json.id.string, "\(answer.text)")
            let end = try await kiln.ended(id)
            #expect(end.status.string == "succeeded" && end.result.filename.string == "house.glb", "\(end)")
            let result = try await kiln.get("/api/jobs/\(id)/result")
            #expect(result.body.firstRange(of: Array("skin".utf8)) != nil, "the material's name")
        }
    }
}
