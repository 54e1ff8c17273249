import HTTPTypes
import Hummingbird
import Persistence

/// What `kiln backup` tells a running server: to delete nothing for a while, and what came of it. Behind the `OperatorGate`.
struct BackupRoutes {
    let backups: BackupStore
    let blobs: BlobStore

    /// How long the server holds deletions without hearing of the backup again.
    static let lease = Duration.seconds(60)

    func add(to router: RouterGroup<HTTPContext>) {
        router.get("backups", use: last)
        router.post("backups/:lease/hold", use: hold)
        router.post("backups/:lease/end", use: end)
    }

    @Sendable func last(_ request: Request, _ context: HTTPContext) async throws -> Response {
        JSONValue.object(["last": try await backups.last().map(Self.json) ?? .null]).response()
    }

    /// Begins or goes on.
    @Sendable func hold(_ request: Request, _ context: HTTPContext) async throws -> Response {
        guard blobs.hold.hold(try Self.lease(context), for: Self.lease) else {
            throw Problem(.init(.tooManyRequests), "Too many backups are being made already.")
        }
        return JSONValue.object(["seconds": .integer(Self.lease.components.seconds)]).response()
    }

    /// With the figures of a completed backup in the query, or without them when it was given up.
    @Sendable func end(_ request: Request, _ context: HTTPContext) async throws -> Response {
        let lease = try Self.lease(context)
        let record = try Self.record(request.uri.queryParameters)
        blobs.hold.end(lease)
        try await blobs.discardHeld()
        if let record { try await backups.note(record, requestId: context.requestId) }
        return try await last(request, context)
    }

    private static func lease(_ context: HTTPContext) throws -> String {
        guard let id = context.parameters.get("lease").flatMap({ Identifier<BackupRecord>(rawValue: $0) }) else {
            throw Problem(.malformedRequest, "A backup is named by a UUID.")
        }
        return id.rawValue
    }

    private static func record(_ query: Parameters) throws -> BackupRecord? {
        let names = ["startedAt", "finishedAt", "files", "bytes", "damaged"]
        let values = names.compactMap { name in query[name[...]].flatMap { Int64($0) } }
        guard values.count == names.count, values.allSatisfy({ $0 >= 0 }) else {
            guard query.isEmpty else {
                throw Problem(.malformedRequest, "The figures of a backup are: \(names.joined(separator: ", ")).")
            }
            return nil
        }
        return BackupRecord(
            startedAt: Instant(rawValue: values[0]), finishedAt: Instant(rawValue: values[1]), files: Int(values[2]),
            bytes: values[3], damaged: Int(values[4]))
    }

    private static func json(_ record: BackupRecord) -> JSONValue {
        .object([
            "startedAt": .time(record.startedAt), "finishedAt": .time(record.finishedAt),
            "files": .integer(Int64(record.files)), "bytes": .integer(record.bytes),
            "damaged": .integer(Int64(record.damaged)),
        ])
    }
}
