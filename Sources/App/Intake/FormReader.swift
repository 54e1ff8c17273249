import HTTPTypes
import Hummingbird
import NIOCore
import Persistence
import Pipeline

/// An upload as a form (RFC 7578): `file` once or more, `format`, perhaps `options`, `priority`, `root` and `tag`, in any
/// order.
struct FormReader {
    let upload: Upload

    private static let known = ["file", "format", "options", "priority", "root", "tag"]
    /// A scene may have many textures.
    private static let mostParts = 1000
    /// A field that is not a file holds a word or two; the options may hold the parameters of a program.
    static func longest(_ field: String) -> Int { field == "options" ? 64 << 10 : 1024 }

    /// What has been read so far.
    private struct Form {
        var current = ""
        var fields: [String: [UInt8]] = [:]
        var hasFile = false
    }

    func read(_ request: Request) async throws -> Dossier {
        var form = Form()
        do {
            let boundary = try MultipartParser.boundary(ofContentType: request.headers[.contentType] ?? "")
            var parser = MultipartParser(boundary: boundary, limits: MultipartLimits(parts: Self.mostParts))
            for try await buffer in request.body {
                parser.feed(buffer)
                while let event = try parser.next() { try await take(event, into: &form) }
            }
            try parser.finish()
        } catch let error as MultipartError {
            throw Refusal(.malformedRequest, error.sentence)
        }
        return try await accept(form)
    }

    private func take(_ event: MultipartParser.Event, into form: inout Form) async throws {
        switch event {
        case .part(let head): try begin(head, in: &form)
        case .bytes(let buffer) where form.current == "file": try await upload.take(buffer)
        case .bytes(let buffer): try gather(buffer, in: &form)
        case .partEnd: form.current = ""
        }
    }

    private func begin(_ head: MultipartHead, in form: inout Form) throws(Refusal) {
        guard Self.known.contains(head.name) else {
            throw Refusal(
                .unknownField,
                "There is no field \"\(head.name.prefix(40))\". Known are: \(Self.known.joined(separator: ", ")).")
        }
        form.current = head.name
        guard head.name == "file" else {
            form.fields[head.name] = []
            return
        }
        form.hasFile = true
        try upload.begin(head.filename)
    }

    private func gather(_ buffer: ByteBuffer, in form: inout Form) throws(Refusal) {
        form.fields[form.current, default: []] += buffer.readableBytesView
        guard form.fields[form.current, default: []].count <= Self.longest(form.current) else {
            throw Refusal(
                .malformedRequest,
                "The field \"\(form.current)\" is longer than \(Self.longest(form.current)) bytes.")
        }
    }

    private func accept(_ form: Form) async throws -> Dossier {
        guard form.hasFile else {
            throw Refusal(.missingFile, "There is no part named \"file\", as in: curl -F file=@part.stl -F format=glb")
        }
        guard let format = text("format", of: form), !format.isEmpty else {
            throw Refusal(.missingFormat, "There is no field \"format\" that names the target, such as glb or stl.")
        }
        return try await upload.accept(
            target: Upload.target(named: format), options: Upload.options(json: form.fields["options"]),
            tag: text("tag", of: form), root: text("root", of: form),
            priority: Upload.priority(named: text("priority", of: form)))
    }

    private func text(_ name: String, of form: Form) -> String? {
        form.fields[name].map { String(decoding: $0, as: UTF8.self) }
    }
}
