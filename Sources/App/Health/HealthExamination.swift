import Persistence
import Pipeline

/// One look at everything that can be wrong.
struct HealthExamination: Sendable {
    private let checks: [Check]

    struct Check: Sendable {
        let name: String
        let isGood: Bool
        /// Without it nothing can be done.
        let isVital: Bool
        let details: [String: JSONValue]
    }

    init(_ server: Server) async {
        checks =
            [await Self.database(server), Self.disk(server), await Self.queue(server), Self.scheduler(server)]
            + Self.tools(server)
    }

    /// The database answers, and at least one tool works.
    var isReady: Bool {
        let tools = checks.filter { !$0.isVital && $0.details["tool"] != nil }
        return checks.allSatisfy { $0.isGood || !$0.isVital } && tools.contains(where: \.isGood)
    }

    var word: String {
        if !isReady { return "unhealthy" }
        return checks.allSatisfy(\.isGood) ? "healthy" : "degraded"
    }

    var json: JSONValue {
        .object(
            Dictionary(
                checks.map { check in
                    let status: JSONValue = check.isGood ? "ok" : "failed"
                    return (check.name, .object(check.details.merging(["status": status]) { _, status in status }))
                }, uniquingKeysWith: { first, _ in first }))
    }

    private static func database(_ server: Server) async -> Check {
        let began = ContinuousClock.now
        let isGood = (try? await server.store.jobs.census()) != nil  // Why it fails is in the log of whoever needs it.
        let latency = JSONValue.number((ContinuousClock.now - began).seconds * 1000)
        return Check(name: "database", isGood: isGood, isVital: true, details: ["latencyMs": latency])
    }

    private static func disk(_ server: Server) -> Check {
        Check(
            name: "disk", isGood: server.space.isAboveReserve, isVital: false,
            details: ["freeBytes": server.space.free.map(JSONValue.integer) ?? .null])
    }

    private static func queue(_ server: Server) async -> Check {
        let census = (try? await server.store.jobs.census()) ?? [:]  // Said by the check of the database.
        let counts = [Status.uploading, .pending, .running].map { status in
            (status.rawValue, JSONValue.integer(Int64(census[status] ?? 0)))
        }
        let pending = census[.pending] ?? 0
        return Check(
            name: "queue", isGood: pending < server.settings.maxQueue, isVital: false,
            details: Dictionary(counts) { first, _ in first })
    }

    private static func scheduler(_ server: Server) -> Check {
        let running = server.permits.inUse.values.reduce(0, +)
        return Check(
            name: "scheduler", isGood: true, isVital: false,
            details: [
                "running": .integer(Int64(running)), "limit": .integer(Int64(server.settings.maxConcurrent)),
            ])
    }

    private static func tools(_ server: Server) -> [Check] {
        server.toolbox.entries.map { entry in
            let name = entry.converter.tool.name
            var details: [String: JSONValue] = [
                "tool": .string(name), "version": .optional(entry.tool?.version), "sandbox": .string(Sandbox.level),
                "limit": .integer(Int64(server.permits.limit(of: name))),
                "running": .integer(Int64(server.permits.inUse[name] ?? 0)),
            ]
            if case .missing(let why) = entry.state { details["reason"] = .string(why) }
            return Check(name: name, isGood: entry.tool != nil, isVital: false, details: details)
        }
    }
}
