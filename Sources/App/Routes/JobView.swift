import HTTPTypes
import Hummingbird
import NIOCore
import Persistence
import Pipeline

/// A job as the API shows it.
struct JobView {
    private let dossier: Dossier
    /// In lists, the attempts are left out.
    private let isBrief: Bool

    init(_ dossier: Dossier, isBrief: Bool = false) {
        self.dossier = dossier
        self.isBrief = isBrief
    }

    static func address(_ id: Job.ID) -> String { "/api/jobs/\(id)" }

    var body: ResponseBody { json.body }

    var json: JSONValue {
        let job = dossier.job
        var members: JSONObject = [
            "id": .string(job.id.rawValue), "kind": .string(job.kind.rawValue), "status": .string(job.status.rawValue),
            "source": source, "target": .object(["format": .optional(job.targetFormat)]),
            "options": .rendered(job.options ?? "{}"),
            "route": .array((job.route ?? []).map(Self.json)), "step": .integer(Int64(job.step)),
            "createdAt": .time(job.createdAt), "startedAt": .time(job.startedAt), "finishedAt": .time(job.finishedAt),
            "dueAt": .time(job.dueAt),
            "failure": .failure(job.failure), "result": result,
            "warnings": .array((job.warnings ?? []).map(JSONValue.string)), "tag": .optional(job.tag),
            "client": .string(job.client), "retryOf": .optional(job.retryOf?.rawValue),
            "cachedFrom": .optional(job.cachedFrom?.rawValue),
            "retryable": .bool(job.isRetryable),
            "priority": .string("\(job.priority)"),
            "expiredAt": .time(job.expiredAt), "links": links,
        ]
        if !isBrief { members["attempts"] = .array(dossier.attempts.map(Self.json)) }
        return .object(members)
    }

    var source: JSONValue {
        let artifact = dossier.artifact(.source)
        return .object([
            "filename": .optional(dossier.job.sourceFilename), "format": .optional(dossier.job.sourceFormat),
            "packaging": .optional(artifact?.packaging.rawValue), "root": .optional(artifact?.name),
            "size": artifact?.size.map(JSONValue.integer) ?? .null, "sha256": .optional(artifact?.sha256),
            "geometry": .geometry(artifact?.geometry),
        ])
    }

    var result: JSONValue {
        guard dossier.job.status == .succeeded, let artifact = dossier.artifact(.result) else { return .null }
        return .object([
            "filename": .optional(artifact.filename), "format": .optional(artifact.format),
            "packaging": .string(artifact.packaging.rawValue), "size": artifact.size.map(JSONValue.integer) ?? .null,
            "sha256": .optional(artifact.sha256), "geometry": .geometry(artifact.geometry),
            "verifiedBy": .optional(artifact.verifiedBy),
        ])
    }

    private var links: JSONValue {
        let address = Self.address(dossier.job.id)
        var links: JSONObject = ["self": .string(address)]
        for part in ["result", "source", "log", "events", "provenance", "preview"] {
            links[part] = .string("\(address)/\(part)")
        }
        return .object(links)
    }

    static func json(_ step: RouteStep) -> JSONValue {
        .object([
            "from": .string(step.from), "to": .string(step.to),
            "converters": .array(step.converters.map(JSONValue.string)),
        ])
    }

    private static func json(_ attempt: Attempt) -> JSONValue { .object(members(of: attempt)) }

    static func members(of attempt: Attempt) -> JSONObject {
        [
            "number": .integer(Int64(attempt.number)), "step": .integer(Int64(attempt.step)),
            "converter": .string(attempt.converter), "toolVersion": .optional(attempt.toolVersion),
            "arguments": attempt.arguments.map { .array($0.map(JSONValue.string)) } ?? .null,
            "outcome": .string(attempt.outcome.rawValue), "failure": .failure(attempt.failure),
            "exitCode": attempt.exitCode.map { .integer(Int64($0)) } ?? .null,
            "signal": attempt.signal.map { .integer(Int64($0)) } ?? .null,
            "startedAt": .time(attempt.startedAt), "finishedAt": .time(attempt.finishedAt),
            "cpuSeconds": attempt.cpuSeconds.map(JSONValue.number) ?? .null,
            "peakMemoryBytes": attempt.peakMemoryBytes.map(JSONValue.integer) ?? .null,
        ]
    }
}

extension JSONValue {
    static func optional(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }
    static func optional(_ number: Int64?) -> JSONValue { number.map(JSONValue.integer) ?? .null }
    static func optional(_ number: Double?) -> JSONValue { number.map(JSONValue.number) ?? .null }

    /// RFC 3339 in UTC.
    static func time(_ instant: Instant?) -> JSONValue { optional(instant?.description) }

    static func failure(_ failure: Failure?) -> JSONValue {
        guard let failure else { return .null }
        return .object(["code": .string(failure.code.rawValue), "message": .string(failure.message)])
    }

    static func geometry(_ geometry: Geometry?) -> JSONValue {
        guard let geometry, !geometry.isUnknown else { return .null }
        return .object([
            "unit": geometry.unit.map(JSONValue.number) ?? .null, "up": .optional(geometry.up),
            "vertices": count(geometry.vertices), "triangles": count(geometry.triangles),
            "extents": geometry.extents.map { .array($0.map(JSONValue.number)) } ?? .null,
            "meshes": count(geometry.meshes), "materials": count(geometry.materials),
            "textures": count(geometry.textures), "animations": count(geometry.animations),
            "entities": count(geometry.entities), "pages": count(geometry.pages),
            "pixels": geometry.pixels.map { .array($0.map(count)) } ?? .null,
        ])
    }

    private static func count(_ number: Int?) -> JSONValue { number.map { .integer(Int64($0)) } ?? .null }

    static let fields: HTTPFields = [
        .contentType: "application/json", .cacheControl: "no-store", .xContentTypeOptions: "nosniff",
    ]

    var body: ResponseBody { ResponseBody(byteBuffer: ByteBuffer(bytes: line)) }

    func response(_ status: HTTPResponse.Status = .ok) -> Response {
        Response(status: status, headers: Self.fields, body: body)
    }
}
