import Persistence
import Pipeline

/// One look at everything that can be wrong.
struct HealthExamination: Sendable {
    private let checks: [Check]

    struct Check: Sendable {
        let name: String
        /// Not there, and nobody said that it should be.
        var isAbsent = false
        let isGood: Bool
        /// Without it nothing can be done.
        let isVital: Bool
        let details: JSONObject
    }

    init(_ server: Server) async {
        let census = await Census(server)
        checks =
            [Self.database(census), Self.storage(server), Self.disk(server), Self.memory, Self.queue(server, census)]
            + [Self.scheduler(server), Self.sandbox(server)] + Self.tools(server)
    }

    /// The database answers, the data folder can be written, and at least one tool works.
    var isReady: Bool {
        let tools = checks.filter { !$0.isVital && $0.details["tool"] != nil }
        return checks.allSatisfy { $0.isGood || !$0.isVital } && tools.contains { $0.isGood && !$0.isAbsent }
    }

    var word: String {
        if !isReady { return "unhealthy" }
        return checks.allSatisfy(\.isGood) ? "healthy" : "degraded"
    }

    var json: JSONValue {
        var object: JSONObject = [:]
        for check in checks where object[check.name] == nil {
            var members: JSONObject = ["status": check.isAbsent ? "absent" : check.isGood ? "ok" : "failed"]
            for detail in check.details.members { members[detail.name] = detail.value }
            object[check.name] = .object(members)
        }
        return .object(object)
    }

    /// How many jobs there are in each status, and how long the database took to say so.
    private struct Census {
        /// `nil` when the database does not answer.
        let counts: [Status: Int]?
        let latency: Duration

        init(_ server: Server) async {
            let began = ContinuousClock.now
            counts = try? await server.store.jobs.census()  // Why it fails is in the log of whoever needs it.
            latency = ContinuousClock.now - began
        }
    }

    private static func database(_ census: Census) -> Check {
        Check(
            name: "database", isGood: census.counts != nil, isVital: true,
            details: ["latencyMs": .number(census.latency.seconds * 1000)])
    }

    private static func storage(_ server: Server) -> Check {
        Check(name: "storage", isGood: server.store.folder.isWritable, isVital: true, details: [:])
    }

    private static func disk(_ server: Server) -> Check {
        Check(
            name: "disk", isGood: server.space.isAboveReserve, isVital: false,
            details: ["freeBytes": server.space.free.map(JSONValue.integer) ?? .null])
    }

    private static let fullMemory = 90.0

    private static var memory: Check {
        let percent = Memory.systemPercent
        return Check(
            name: "memory", isGood: percent ?? 0 < fullMemory, isVital: false,
            details: ["systemPercent": percent.map(JSONValue.number) ?? .null])
    }

    private static func queue(_ server: Server, _ census: Census) -> Check {
        var counts: JSONObject = [:]
        for status in [Status.uploading, .pending, .running] {
            counts[status.rawValue] = census.counts.map { .integer(Int64($0[status] ?? 0)) } ?? .null
        }
        return Check(
            name: "queue", isGood: (census.counts?[.pending] ?? 0) < server.settings.maxQueue, isVital: false,
            details: counts)
    }

    private static func scheduler(_ server: Server) -> Check {
        let running = server.permits.inUse.values.reduce(0, +)
        return Check(
            name: "scheduler", isGood: true, isVital: false,
            details: [
                "running": .integer(Int64(running)), "limit": .integer(Int64(server.settings.maxConcurrent)),
            ])
    }

    /// Without a sandbox no tool works, which says enough; with none by wish, the server is degraded for as long.
    private static func sandbox(_ server: Server) -> Check {
        var details: JSONObject = ["level": .string(server.sandbox.level)]
        if let complaint = server.sandbox.complaint { details["reason"] = .string(complaint) }
        return Check(name: "sandbox", isGood: server.sandbox.isGood, isVital: false, details: details)
    }

    private static func tools(_ server: Server) -> [Check] {
        server.catalogue.toolbox.entries.map { entry in
            let name = entry.converter.tool.name
            var details: JSONObject = [
                "tool": .string(name), "version": .optional(entry.tool?.version),
                "sandbox": .string(server.sandbox.level),
                "limit": .integer(Int64(server.permits.limit(of: name))),
                "running": .integer(Int64(server.permits.inUse[name] ?? 0)),
                "paused": .bool(server.permits.isPaused(name)),
            ]
            if let reason = entry.reason { details["reason"] = .string(reason) }
            return Check(
                name: name, isAbsent: entry.tool == nil && !entry.isBroken, isGood: !entry.isBroken, isVital: false,
                details: details)
        }
    }
}
