import Persistence

/// A line of the audit trail as the API shows it.
struct EventView {
    private let event: Event

    init(_ event: Event) {
        self.event = event
    }

    var json: JSONValue { .object(members) }

    var members: JSONObject {
        [
            "id": .integer(event.id), "at": .time(event.at), "subjectKind": .string(event.subjectKind),
            "subjectId": .string(event.subjectId), "from": .optional(event.fromStatus?.rawValue),
            "to": .optional(event.toStatus?.rawValue), "attempt": event.attempt.map { .integer(Int64($0)) } ?? .null,
            "client": .optional(event.client), "requestId": .optional(event.requestId),
            "reason": .optional(event.reason), "details": event.details.map(JSONValue.rendered) ?? .null,
        ]
    }
}

/// The same with what an auditor asks for beside it.
struct AuditRecordView {
    private let record: AuditRecord

    init(_ record: AuditRecord) {
        self.record = record
    }

    var json: JSONValue {
        var members = EventView(record.event).members
        members["run"] = record.attempt.map(Self.run) ?? .null
        members["source"] = record.source.map(Self.file) ?? .null
        members["result"] = record.result.map(Self.file) ?? .null
        return .object(members)
    }

    private static func run(_ attempt: Attempt) -> JSONValue {
        var members = JobView.members(of: attempt)
        members["tool"] = .string(attempt.tool)
        return .object(members)
    }

    private static func file(_ artifact: Artifact) -> JSONValue {
        .object([
            "format": .optional(artifact.format), "size": artifact.size.map(JSONValue.integer) ?? .null,
            "sha256": .optional(artifact.sha256),
        ])
    }
}
