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

extension Job: FetchableRecord {
    /// By hand: the synthesized decoder costs several times as much, for every row that is read.
    init(row: Row) throws {
        id = row["id"]
        kind = row["kind"]
        parentId = row["parentId"]
        retryOf = row["retryOf"]
        cachedFrom = row["cachedFrom"]
        client = row["client"]
        requestId = row["requestId"]
        tag = row["tag"]
        priority = row["priority"]
        turn = row["turn"]
        status = row["status"]
        reason = row["reason"]
        sourceFilename = row["sourceFilename"]
        sourceFormat = row["sourceFormat"]
        targetFormat = row["targetFormat"]
        options = row["options"]
        route = try KnownRoutes.route(in: row)
        step = row["step"]
        choice = row["choice"]
        tool = row["tool"]
        attempt = row["attempt"]
        claimedBy = row["claimedBy"]
        dueAt = row["dueAt"]
        failures = row["failures"]
        crashes = row["crashes"]
        diskWait = .milliseconds(row["diskWait"] as Int64)
        failureCode = row["failureCode"]
        failureMessage = row["failureMessage"]
        isRetryable = row["retryable"]
        warnings = try row.json("warnings")
        createdAt = row["createdAt"]
        changedAt = row["changedAt"]
        startedAt = row["startedAt"]
        finishedAt = row["finishedAt"]
        expiredAt = row["expiredAt"]
    }
}

/// Routes that were decoded before: there are few, and they stand in every row.
private enum KnownRoutes {
    private static let routes = Mutex<[String: [RouteStep]]>([:])
    /// Enough for all pairs of formats; beyond that it begins anew.
    private static let most = 2000

    static func route(in row: Row) throws -> [RouteStep]? {
        guard let text: String = row["route"] else { return nil }
        if let route = routes.withLock({ $0[text] }) { return route }
        let route: [RouteStep]? = try row.json("route")
        routes.withLock { routes in
            if routes.count >= most { routes = [:] }
            routes[text] = route
        }
        return route
    }
}

extension Job.Kind: DatabaseValueConvertible {}
extension Job.Priority: DatabaseValueConvertible {}
extension Failure.Code: DatabaseValueConvertible {}
