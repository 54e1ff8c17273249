import Persistence
import Pipeline
import ServiceLifecycle

/// One look at everything that can be wrong.
struct HealthExamination: Sendable {
    private let checks: [Check]

    init(_ server: Server, _ findings: Findings) {
        checks =
            [
                Self.database(server, findings), Self.storage(server, findings), Self.disk(server, findings),
                Self.memory(findings), Self.queue(server, findings), Self.scheduler(server), Self.intake(server),
                Self.clock(server), Self.sandbox(server), Self.required(server),
            ] + Self.tools(server, findings)
    }

    /// Jobs that come now are taken and worked off.
    var isReady: Bool { !checks.contains { $0.isFailed && $0.weight != .minor } }

    /// Something can be done at all.
    var isUsable: Bool { !checks.contains { $0.isFailed && $0.weight == .vital } }

    var word: String {
        if !isUsable { return "unhealthy" }
        return checks.allSatisfy { $0.state == .ok || $0.state == .absent } ? "healthy" : "degraded"
    }

    var json: JSONValue {
        var object: JSONObject = [:]
        // A tool is told of with the first of its converters.
        for check in checks where object[check.name] == nil { object[check.name] = check.json }
        return .object(object)
    }

    /// What fails, by name, for who has no eyes for the rest.
    var failures: [String] { checks.filter { $0.isFailed && $0.weight != .minor }.map(\.name) }
}

extension HealthExamination {
    private static func database(_ server: Server, _ findings: Findings) -> Check {
        var details: JSONObject = [
            "latencyMs": .null, "sizeBytes": .optional(findings.disk?.database),
            "walBytes": .optional(findings.disk?.wal),
            "readersBusy": .integer(Int64(server.store.jobs.busyReaders)),
        ]
        switch findings.write {
        case .works(let latency):
            details["latencyMs"] = .number(latency.roundedMilliseconds)
            return Check("database", .ok, .vital, details)
        case .isSlow: return Check("database", .slow, .vital, details)
        case .fails:
            details["reason"] = "No row can be written in time."
            return Check("database", .failed, .vital, details)
        }
    }

    private static func storage(_ server: Server, _ findings: Findings) -> Check {
        guard server.store.faults.failure == nil else {
            return Check(
                "storage", .failed, .vital, ["reason": "The disk has failed. Mend it and start the server again."])
        }
        return Check("storage", isGood: findings.disk?.isWritable ?? false, .vital)
    }

    /// A disk that says nothing in time has failed in `storage` already.
    private static func disk(_ server: Server, _ findings: Findings) -> Check {
        let isAbove = findings.disk?.free.map { $0 > server.space.reserve } ?? false
        return Check(
            "disk", isGood: isAbove, .needed,
            [
                "freeBytes": .optional(findings.disk?.free), "sizeBytes": .optional(findings.disk?.size),
                "reserveBytes": .integer(server.space.reserve),
            ])
    }

    private static let fullMemory = 90.0

    private static func memory(_ findings: Findings) -> Check {
        let percent = findings.memory?.percent
        return Check(
            "memory", isGood: percent ?? 0 < fullMemory, .needed, ["systemPercent": .optional(percent)])
    }

    private static func queue(_ server: Server, _ findings: Findings) -> Check {
        let jobs = findings.figures?.jobs
        var details: JSONObject = [:]
        for status in [Status.uploading, .pending, .running] {
            details[status.rawValue] = .optional(jobs.map { Int64($0[status] ?? 0) })
        }
        details["limit"] = .integer(Int64(server.settings.maxQueue))
        details["oldestSeconds"] = .optional(findings.figures?.oldestReady.map { ($0.age).seconds })
        guard let jobs else { return Check("queue", .slow, .minor, details) }
        return Check("queue", isGood: (jobs[.pending] ?? 0) < server.settings.maxQueue, .minor, details)
    }

    private static func scheduler(_ server: Server) -> Check {
        let running = server.permits.inUse.values.reduce(0, +)
        return Check(
            "scheduler", isGood: server.scheduler.heartbeat.isFelt(), .vital,
            ["running": .integer(Int64(running)), "limit": .integer(Int64(server.settings.maxConcurrent))])
    }

    private static func intake(_ server: Server) -> Check {
        if Task.isShuttingDownGracefully {
            return Check("intake", .failed, .needed, ["reason": "The server is stopping."])
        }
        guard let since = server.control.draining.since else { return Check("intake", .ok, .needed) }
        return Check(
            "intake", .failed, .needed, ["reason": "The server is being drained.", "drainingSince": .time(since)])
    }

    /// While it is not believed, nothing expires, and an operator must say whether it is right.
    private static func clock(_ server: Server) -> Check {
        Check(
            "clock", isGood: !server.clock.isHeld, .minor,
            ["aheadSeconds": .integer(Int64(server.clock.ahead.seconds))])
    }

    /// Without a sandbox no tool works, which says enough; with none by wish, the server is degraded for as long.
    private static func sandbox(_ server: Server) -> Check {
        var details: JSONObject = ["level": .string(server.sandbox.level)]
        if let complaint = server.sandbox.complaint { details["reason"] = .string(complaint) }
        return Check("sandbox", isGood: server.sandbox.isGood, .minor, details)
    }
}

extension Instant {
    /// A clock that was turned back makes nothing younger than it is.
    fileprivate var age: Duration { max(.zero, Instant.now - self) }
}
