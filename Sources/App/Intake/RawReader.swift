import Hummingbird
import NIOCore
import Persistence
import Pipeline

/// An upload as the whole body: `?format=glb&filename=part.stl&options={...}&root=...&tag=...&priority=low`.
struct RawReader {
    let upload: Upload

    private static let known: Set<String> = ["format", "filename", "options", "priority", "root", "tag"]

    func read(_ request: Request) async throws -> Dossier {
        let query = request.uri.queryParameters
        if let unknown = query.map({ String($0.key) }).first(where: { !Self.known.contains($0) }) {
            throw Refusal(
                .unknownField,
                "There is no parameter \"\(unknown.prefix(40))\". Known are: \(Self.known.sorted().joined(separator: ", "))."
            )
        }
        for name in ["root", "tag"]
        where query[Substring(name)].map({ $0.utf8.count > FormReader.longest(name) }) == true {
            throw Refusal(
                .malformedRequest, "The parameter \"\(name)\" is longer than \(FormReader.longest(name)) bytes.")
        }
        guard let format = query["format"], !format.isEmpty else {
            throw Refusal(
                .missingFormat,
                "Say the target, as in /api/convert?format=glb&filename=part.stl, or send a form with file and format.")
        }
        let target = try Upload.target(named: String(format))
        let options = try Upload.options(json: query["options"].map { Array($0.utf8) })
        let priority = try Upload.priority(named: query["priority"].map(String.init))
        for try await buffer in request.body {
            try await upload.take(buffer)
        }
        return try await upload.accept(
            target: target, options: options, tag: query["tag"].map(String.init), root: query["root"].map(String.init),
            priority: priority)
    }
}

extension Upload {
    /// Takes a piece of the body, and waits for the disk when it must.
    func take(_ buffer: ByteBuffer) async throws {
        let isFull = try buffer.withUnsafeReadableBytes { bytes in
            Result { () throws(Refusal) in try take(bytes) }
        }.get()
        if isFull { try await drain() }
    }
}
