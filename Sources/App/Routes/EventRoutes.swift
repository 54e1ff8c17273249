import HTTPTypes
import Hummingbird
import NIOCore
import Persistence

/// `GET /api/events`: the whole audit trail, for operators, oldest first, page by page; as JSON, or as CSV where that is
/// accepted.
struct EventRoutes {
    let trail: AuditTrail

    private static let largestPage = 1000

    func add(to router: RouterGroup<HTTPContext>) {
        router.get("events", use: list)
    }

    @Sendable func list(_ request: Request, _ context: HTTPContext) async throws -> Response {
        let query = request.uri.queryParameters
        let size = try Self.number(query, "pageSize", 1...Int64(Self.largestPage)) ?? 100
        let after = try Self.number(query, "pageToken", 0...(.max - 1)) ?? 0
        let records = try await trail.records(Self.filter(query), after: after, limit: Int(size) + 1)
        let shown = records.prefix(Int(size))
        let next = records.count > shown.count ? shown.last.map { String($0.event.id) } : nil
        guard Self.wantsTable(request) else {
            return JSONValue.object([
                "items": .array(shown.map { AuditRecordView($0).json }), "nextPageToken": .optional(next),
            ]).response()
        }
        return Self.table(shown, next)
    }

    /// The token of the next page is in a header here.
    private static func table(_ records: ArraySlice<AuditRecord>, _ next: String?) -> Response {
        var fields: HTTPFields = [
            .contentType: "text/csv; charset=utf-8; header=present", .cacheControl: "no-store",
            .xContentTypeOptions: "nosniff", .contentDisposition: "attachment; filename=\"events.csv\"",
        ]
        fields[.nextPageToken] = next
        let text = AuditTable.header + records.map(AuditTable.line).joined()
        return Response(status: .ok, headers: fields, body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    private static func wantsTable(_ request: Request) -> Bool {
        request.headers[.accept]?.split(separator: ",").contains { $0.contains("text/csv") } == true
    }

    private static func number(
        _ query: Parameters, _ name: String, _ range: ClosedRange<Int64>
    ) throws -> Int64? {
        guard let text = query[name[...]] else { return nil }
        guard let number = Int64(text), range.contains(number) else {
            let wish = name == "pageToken" ? "one that this server gave" : "a whole number from 1 to \(largestPage)"
            throw Problem(.malformedRequest, "\(name) must be \(wish).")
        }
        return number
    }

    private static func filter(_ query: Parameters) throws -> AuditFilter {
        try AuditFilter(from: moment(query, "from"), to: moment(query, "to"), subject: subject(query))
    }

    private static func moment(_ query: Parameters, _ name: String) throws -> Instant? {
        guard let text = query[name[...]] else { return nil }
        guard let moment = Instant(String(text)) else {
            throw Problem(
                .malformedRequest, "\(name) must be a day or a time, such as 2026-11-21 or 2026-11-21T12:00:00Z.")
        }
        return moment
    }

    private static func subject(_ query: Parameters) throws -> AuditFilter.Subject? {
        guard let text = query["subject"] else { return nil }
        let parts = text.split(separator: "/", maxSplits: 1)
        guard parts.count == 2 else {
            throw Problem(.malformedRequest, "subject must be a kind and an id, such as job/ID or tool/blender.")
        }
        return AuditFilter.Subject(kind: String(parts[0]), id: String(parts[1]))
    }
}

extension HTTPField.Name {
    // The literal is a valid token, so the initializer cannot fail.
    // swift-format-ignore: NeverForceUnwrap
    fileprivate static let nextPageToken = HTTPField.Name("X-Next-Page-Token")!
}
