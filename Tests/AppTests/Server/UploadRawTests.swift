import HTTPTypes
import TestSupport
import Testing

@testable import App

@Suite(.enabled(if: Installed.sandbox, Installed.noSandbox), .timeLimit(.minutes(5)))
struct UploadRawTests {
    @Test func `the bare bytes are an upload, with its words in the query`() async throws {
        try await KilnServer.run(.copies) { kiln in
            let answer = try await kiln.upload(
                raw: Samples.obj(), "format=obj&filename=K%C3%A4se%20box.obj&tag=order%207")
            let job = try answer.json
            #expect(answer.status == .accepted)
            #expect(job.source.filename.string == "Käse box.obj" && job.tag.string == "order 7")
            #expect(job.source.size.int == Samples.obj().count)
        }
    }

    @Test func `a file without a name is recognised by its content and named by its format`() async throws {
        try await KilnServer.run(.copies) { kiln in
            let job = try await kiln.upload(raw: Samples.obj(), "format=obj").json
            #expect(job.source.filename.string == "model.obj")
        }
    }

    @Test func `a file in chunks is an upload like any other`() async throws {
        try await KilnServer.run(.copies) { kiln in
            let port = kiln.port
            let file = Samples.obj()
            let answer = try await blocking {
                let client = try RawClient(port: port)
                try client.send(
                    head("POST", "/api/convert?format=obj", "Transfer-Encoding: chunked", "Connection: close"))
                for part in [file.prefix(100), file.dropFirst(100)] {
                    try client.send(String(part.count, radix: 16) + "\r\n")
                    _ = client.send(Array(part), upTo: part.count)
                    try client.send("\r\n")
                }
                try client.send("0\r\n\r\n")
                return try Answer(from: client)
            }
            #expect(answer.status == .accepted)
            #expect(try answer.json.source.size.int == file.count)
        }
    }

    @Test func `what is wrong with the query is 400, and leaves a row`() async throws {
        try await KilnServer.run(.copies) { kiln in
            for (query, code) in [
                ("filename=box.obj", "missingFormat"), ("format=&filename=box.obj", "missingFormat"),
                ("format=obi", "unknownFormat"), ("format=obj&color=red", "unknownField"),
                ("format=obj&tag=" + String(repeating: "x", count: 1025), "malformedRequest"),
            ] {
                let answer = try await kiln.upload(raw: Samples.obj(), query)
                #expect(answer.status == .badRequest, "\(query)")
                #expect(try answer.json.code.string == code)
                let row = try await kiln.newest()
                #expect(row.status.string == "failed" && row.failure.code.string == "rejected")
                #expect(row.failure.message == (try answer.json.detail))
            }
        }
    }

    @Test func `an empty body is an empty file`() async throws {
        try await KilnServer.run(.copies) { kiln in
            let answer = try await kiln.upload(raw: [], "format=obj&filename=box.obj")
            #expect(answer.status == .badRequest)
            #expect(try answer.json.code.string == "emptyFile")
        }
    }
}
