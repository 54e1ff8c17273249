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
        id = try row.decode(forColumn: "id")
        kind = try row.decode(forColumn: "kind")
        parentId = try row.decode(forColumn: "parentId")
        retryOf = try row.decode(forColumn: "retryOf")
        cachedFrom = try row.decode(forColumn: "cachedFrom")
        client = try row.decode(forColumn: "client")
        requestId = try row.decode(forColumn: "requestId")
        tag = try row.decode(forColumn: "tag")
        priority = try row.decode(forColumn: "priority")
        turn = try row.decode(forColumn: "turn")
        status = try row.decode(forColumn: "status")
        reason = try row.decode(forColumn: "reason")
        sourceFilename = try row.decode(forColumn: "sourceFilename")
        sourceFormat = try row.decode(forColumn: "sourceFormat")
        targetFormat = try row.decode(forColumn: "targetFormat")
        options = try row.decode(forColumn: "options")
        route = try KnownRoutes.route(in: row)
        step = try row.decode(forColumn: "step")
        choice = try row.decode(forColumn: "choice")
        tool = try row.decode(forColumn: "tool")
        attempt = try row.decode(forColumn: "attempt")
        claimedBy = try row.decode(forColumn: "claimedBy")
        dueAt = try row.decode(forColumn: "dueAt")
        failures = try row.decode(forColumn: "failures")
        crashes = try row.decode(forColumn: "crashes")
        diskWait = .milliseconds(try row.decode(Int64.self, forColumn: "diskWait"))
        failureCode = try row.decode(forColumn: "failureCode")
        failureMessage = try row.decode(forColumn: "failureMessage")
        isRetryable = try row.decode(forColumn: "retryable")
        warnings = try row.json("warnings")
        createdAt = try row.decode(forColumn: "createdAt")
        changedAt = try row.decode(forColumn: "changedAt")
        startedAt = try row.decode(forColumn: "startedAt")
        finishedAt = try row.decode(forColumn: "finishedAt")
        expiredAt = try row.decode(forColumn: "expiredAt")
    }
}

/// Routes that were decoded before: there are few, and they stand in every row.
private enum KnownRoutes {
    private static let routes = Mutex<[String: [RouteStep]]>([:])
    /// Enough for all pairs of formats; beyond that it begins anew.
    private static let most = 2000

    static func route(in row: Row) throws -> [RouteStep]? {
        guard let text: String = try row.decode(forColumn: "route") else { return nil }
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
