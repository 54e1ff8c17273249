import HTTPTypes
import TestSupport
import Testing

@testable import App

/// What clients ask of a Kiln.
extension Served {
    /// A form with these parts, in this order.
    func post(_ parts: [MultipartBody.Part]) async throws -> Answer {
        let form = MultipartBody(parts: parts)
        return try await execute(
            .post, "/api/convert", headers: [.contentType: "multipart/form-data; boundary=\(form.boundary)"],
            body: form.bytes)
    }

    func upload(_ file: [UInt8] = Samples.obj(), as name: String = "box.obj", to format: String) async throws -> Answer
    {
        try await post([.file(name, file), .field("format", format)])
    }

    func upload(raw file: [UInt8] = Samples.obj(), _ query: String) async throws -> Answer {
        try await execute(.post, "/api/convert?\(query)", body: file)
    }

    /// The id of a new job that was accepted.
    func accepted(
        _ file: [UInt8] = Samples.obj(), as name: String = "box.obj", to format: String = "obj"
    ) async throws -> String {
        let answer = try await upload(file, as: name, to: format)
        try #require(answer.status == .accepted, "\(answer.text)")
        return try #require(try answer.json.id.string)
    }

    /// The job once it has ended.
    func ended(_ job: String) async throws -> JSON {
        var last = JSON.null
        try await eventually {
            last = try await get("/api/jobs/\(job)?wait=5").json
            return ["succeeded", "failed", "cancelled"].contains(last.status.string)
        }
        return last
    }

    /// The job that arrived last.
    func newest() async throws -> JSON {
        try await get("/api/jobs?pageSize=1").json.items[0]
    }
}

extension MultipartBody.Part {
    static func file(_ name: String, _ content: [UInt8]) -> Self {
        Self(head: .file(name), content: content)
    }

    static func field(_ name: String, _ value: String) -> Self {
        Self(head: .field(name), content: Array(value.utf8))
    }
}
