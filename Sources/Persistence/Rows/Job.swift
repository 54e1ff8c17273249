import GRDB
import Synchronization

/// One requested conversion: a row of `job`.
package struct Job: Sendable, Identifiable {
    package typealias ID = Identifier<Job>

    package let id: ID
    package let kind: Kind
    package let parentId: ID?
    package let retryOf: ID?
    /// The job whose tools made this one's result.
    package let cachedFrom: ID?
    package let client: String
    package let requestId: String?
    package let tag: String?
    package let priority: Priority
    package let turn: Int64
    package let status: Status
    package let reason: String?
    package let sourceFilename: String?
    package let sourceFormat: String?
    package let targetFormat: String?
    /// What was asked for beside the target: a JSON object.
    package let options: String?
    package let route: [RouteStep]?
    /// Index into `route`.
    package let step: Int
    /// Index into the converters of the step: rises when a converter gave up and the next one takes over.
    package let choice: Int
    package let tool: String?
    /// The newest attempt's number; 0 before the first.
    package let attempt: Int
    package let claimedBy: Boot.ID?
    package let dueAt: Instant?
    package let failures: Int
    package let crashes: Int
    /// How long it has waited for space on the disk, attempts not counted.
    package let diskWait: Duration
    package let failureCode: Failure.Code?
    package let failureMessage: String?
    /// Failed, and worth repeating by hand: its file is there, was not to blame, and nobody has done it yet.
    package let isRetryable: Bool
    package let warnings: [String]?
    package let createdAt: Instant
    package let changedAt: Instant
    package let startedAt: Instant?
    package let finishedAt: Instant?
    package let expiredAt: Instant?

    package enum Kind: String, Codable, Sendable {
        case conversion, preview
    }

    /// Who goes first; a lower number does, whatever the turns.
    package enum Priority: Int, CaseIterable, Sendable {
        case high, normal, low
        /// What nobody asked for: pictures of results.
        case background
    }
}

extension Job {
    /// Bytes of disk set aside for the work on a source of `size` bytes: its result, and a side file or two.
    package static func work(on size: Int64) -> Int64 {
        let (product, isBeyond) = size.multipliedReportingOverflow(by: 2)
        return isBeyond ? .max : product
    }
}

/// One step of a route: what it turns into what, and who can, in order of preference.
package struct RouteStep: Codable, Hashable, Sendable {
    package let from: String
    package let to: String
    package let converters: [String]

    package init(from: String, to: String, converters: [String]) {
        self.from = from
        self.to = to
        self.converters = converters
    }
}

extension Job {
    /// Why the job failed; `nil` for every other status.
    package var failure: Failure? {
        failureCode.map { Failure($0, failureMessage ?? "") }
    }

    /// The step that runs now or next; `nil` while the route is unknown.
    package var currentStep: RouteStep? {
        route.flatMap { $0.indices.contains(step) ? $0[step] : nil }
    }

    /// The converter that runs now or next.
    package var converter: String? {
        currentStep.flatMap { $0.converters.indices.contains(choice) ? $0.converters[choice] : nil }
    }
}

extension Job: RowRecord {
    init(_ row: inout RowReader) throws {
        id = try row.next("id")
        kind = try row.next("kind")
        parentId = try row.next("parentId")
        retryOf = try row.next("retryOf")
        client = try row.next("client")
        requestId = try row.next("requestId")
        tag = try row.next("tag")
        priority = try row.next("priority")
        turn = try row.next("turn")
        status = try row.next("status")
        reason = try row.next("reason")
        sourceFilename = try row.next("sourceFilename")
        sourceFormat = try row.next("sourceFormat")
        targetFormat = try row.next("targetFormat")
        options = try row.next("options")
        route = try KnownRoutes.route(row.next("route"))
        step = try row.next("step")
        choice = try row.next("choice")
        tool = try row.next("tool")
        attempt = try row.next("attempt")
        claimedBy = try row.next("claimedBy")
        dueAt = try row.next("dueAt")
        failures = try row.next("failures")
        crashes = try row.next("crashes")
        failureCode = try row.next("failureCode")
        failureMessage = try row.next("failureMessage")
        warnings = try row.json("warnings")
        createdAt = try row.next("createdAt")
        changedAt = try row.next("changedAt")
        startedAt = try row.next("startedAt")
        finishedAt = try row.next("finishedAt")
        expiredAt = try row.next("expiredAt")
        isRetryable = try row.next("retryable")
        row.skip("cacheKey")
        cachedFrom = try row.next("cachedFrom")
        row.skip("promised")
        diskWait = .milliseconds(try row.next("diskWait") as Int64)
    }
}

/// Routes that were read or written before: there are few, and they stand in every row.
enum KnownRoutes {
    private static let routes = Mutex(Known())

    private struct Known {
        var routes: [String: [RouteStep]] = [:]
        var texts: [[RouteStep]: String] = [:]
        /// Enough for all pairs of formats; beyond that it begins anew.
        private static let most = 2000

        mutating func remember(_ route: [RouteStep], as text: String) {
            if routes.count >= Self.most || texts.count >= Self.most { self = Known() }
            routes[text] = route
            texts[route] = text
        }
    }

    static func route(_ text: String?) throws -> [RouteStep]? {
        guard let text else { return nil }
        if let route = routes.withLock({ $0.routes[text] }) { return route }
        let route: [RouteStep] = try value(ofJSON: text)
        routes.withLock { $0.remember(route, as: text) }
        return route
    }

    /// As the row keeps it.
    static func text(_ route: [RouteStep]) throws -> String {
        if let text = routes.withLock({ $0.texts[route] }) { return text }
        let text = try jsonText(route)
        routes.withLock { $0.remember(route, as: text) }
        return text
    }
}

extension Job.Kind: DatabaseValueConvertible {}
extension Job.Priority: DatabaseValueConvertible {}
extension Failure.Code: DatabaseValueConvertible {}
