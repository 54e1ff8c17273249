import HTTPTypes
import TestSupport
import Testing

@testable import App

@Suite(.enabled(if: Installed.sandbox, Installed.noSandbox), .timeLimit(.minutes(5)))
struct UploadFormTests {
    @Test func `a form is accepted with the job and its address`() async throws {
        try await KilnServer.run(.copies) { kiln in
            let answer = try await kiln.upload(to: "obj")
            let job = try answer.json
            #expect(answer.status == .accepted)
            #expect(answer.headers[.location] == "/api/jobs/\(job.id.string ?? "")")
            #expect(answer.headers[.contentType] == "application/json")
            #expect(job.source.filename.string == "box.obj" && job.source.format.string == "obj")
            #expect(job.source.size.int == Samples.obj().count)
            #expect(job.target.format.string == "obj" && job.kind.string == "conversion")
            #expect(job.route[0].converters == .array([.string("fake")]))
        }
    }

    @Test func `the format may come before the file`() async throws {
        try await KilnServer.run(.copies) { kiln in
            let answer = try await kiln.post([.field("format", "obj"), .file("box.obj", Samples.obj())])
            #expect(answer.status == .accepted)
        }
    }

    @Test func `a target may be said by its extension, in upper case`() async throws {
        try await KilnServer.run(.copies) { kiln in
            let job = try await kiln.upload(to: ".OBJ").json
            #expect(job.target.format.string == "obj")
        }
    }

    @Test func `a tag is given back with the job`() async throws {
        try await KilnServer.run(.copies) { kiln in
            let parts: [MultipartBody.Part] = [
                .field("tag", "order 7"), .file("box.obj", Samples.obj()), .field("format", "obj"),
            ]
            let job = try await kiln.post(parts).json
            #expect(job.tag.string == "order 7")
            #expect(try await kiln.newest().tag.string == "order 7")
        }
    }

    @Test func `a priority is taken from form and query, and is ordinary when nothing is said`() async throws {
        try await KilnServer.run(.copies) { kiln in
            let parts: [MultipartBody.Part] = [
                .field("priority", "low"), .file("box.obj", Samples.obj()), .field("format", "obj"),
            ]
            #expect(try await kiln.post(parts).json.priority.string == "low")
            let raw = try await kiln.upload(raw: Samples.obj(), "format=obj&filename=box.obj&priority=high")
            #expect(try raw.json.priority.string == "high")
            #expect(try await kiln.upload(to: "obj").json.priority.string == "normal")
        }
    }

    @Test func `a priority that there is not is refused with those there are`() async throws {
        try await KilnServer.run(.copies) { kiln in
            for word in ["urgent", "background", ""] {
                let answer = try await kiln.upload(raw: Samples.obj(), "format=obj&filename=box.obj&priority=\(word)")
                #expect(answer.status == .badRequest)
                #expect(try answer.json.detail.string == "priority must be one of low, normal, high.")
            }
        }
    }

    @Test func `of a name with folders only the last part is kept`() async throws {
        try await KilnServer.run(.copies) { kiln in
            let job = try await kiln.upload(as: "../../etc/C:\\models/box.obj", to: "obj").json
            #expect(job.source.filename.string == "box.obj")
        }
    }

    private struct Refused {
        let code: String
        let words: [String]
        let parts: [MultipartBody.Part]
    }

    private static let file = MultipartBody.Part.file("box.obj", Samples.obj())

    private static let refused = [
        Refused(
            code: "unknownField", words: ["\"colour\"", "file, format, options, priority, root, tag"],
            parts: [file, .field("format", "obj"), .field("colour", "red")]),
        Refused(
            code: "malformedRequest", words: ["same name", "box.obj"], parts: [file, file, .field("format", "obj")]),
        Refused(
            code: "unknownRoot", words: ["house.obj"],
            parts: [file, .field("format", "obj"), .field("root", "house.obj")]),
        Refused(code: "missingFile", words: ["\"file\""], parts: [.field("format", "obj")]),
        Refused(code: "missingFormat", words: ["\"format\""], parts: [file]),
        Refused(code: "missingFormat", words: ["\"format\""], parts: [file, .field("format", "")]),
        Refused(code: "emptyFile", words: ["empty"], parts: [.file("box.obj", []), .field("format", "obj")]),
        Refused(
            code: "unknownFormat", words: ["\"glbb\"", "Did you mean glb?", "gltf", "stl", "3mf"],
            parts: [file, .field("format", "glbb")]),
        Refused(
            code: "malformedRequest", words: ["longer than"],
            parts: [.field("format", String(repeating: "x", count: 5000)), file]),
    ]

    @Test func `what is wrong with a form is 400, says what would be right, and leaves a row`() async throws {
        try await KilnServer.run(.copies) { kiln in
            for form in Self.refused {
                let answer = try await kiln.post(form.parts)
                let problem = try answer.json
                #expect(answer.status == .badRequest)
                #expect(problem.code.string == form.code)
                for word in form.words { #expect(problem.detail.string?.contains(word) == true, "\(answer.text)") }
                let row = try await kiln.newest()
                #expect(row.status.string == "failed" && row.failure.code.string == "rejected")
                #expect(row.failure.message == problem.detail)
            }
        }
    }

    @Test func `a form that cannot be read is a malformed request`() async throws {
        try await KilnServer.run(.copies) { kiln in
            for type in ["multipart/form-data", "multipart/form-data; boundary=other"] {
                let form = MultipartBody(parts: [Self.file, .field("format", "obj")])
                let answer = try await kiln.execute(
                    .post, "/api/convert", headers: [.contentType: type], body: form.bytes)
                #expect(answer.status == .badRequest, "\(type)")
                #expect(try answer.json.code.string == "malformedRequest")
                #expect(try await kiln.newest().failure.code.string == "rejected")
            }
        }
    }
}
