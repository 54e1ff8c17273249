import Persistence
import Pipeline

// What `/health` and `/ready` tell of the tools.

extension HealthExamination {
    /// Those that `REQUIRED_TOOLS` names; where it names none, any one will do.
    static func required(_ server: Server) -> Check {
        let open = server.circuits?.open ?? [:]
        let working = Set(server.catalogue.toolbox.tools.map(\.tool.name)).subtracting(open.keys)
        let required = server.settings.requiredTools
        let missing = required.filter { !working.contains($0) }
        var details: JSONObject = ["working": .integer(Int64(working.count))]
        if !required.isEmpty { details["required"] = .array(required.map(JSONValue.string)) }
        if !missing.isEmpty { details["missing"] = .array(missing.map(JSONValue.string)) }
        return Check("tools", isGood: missing.isEmpty && !working.isEmpty, .vital, details)
    }

    static func tools(_ server: Server, _ findings: Findings) -> [Check] {
        server.catalogue.toolbox.entries.map { entry in
            let isAbsent = entry.tool == nil && !entry.isBroken
            let openSince = server.circuits?.open[entry.converter.tool.name]
            var members = details(of: entry, server, findings)
            let circuit: String? = server.circuits == nil ? nil : openSince == nil ? "closed" : "open"
            members["circuit"] = .optional(circuit)
            if let openSince { members["circuitOpenSince"] = .time(openSince) }
            return Check(
                entry.converter.tool.name,
                isAbsent ? .absent : entry.isBroken || openSince != nil ? .failed : .ok, .minor, members)
        }
    }

    private static func details(of entry: Toolbox.Entry, _ server: Server, _ findings: Findings) -> JSONObject {
        let name = entry.converter.tool.name
        let record = server.metrics.record(of: name)
        let line = findings.lines.map { $0[name] ?? Line() }
        var details: JSONObject = [
            "tool": .string(name), "installed": .bool(entry.tool != nil), "version": .optional(entry.tool?.version),
            "sandbox": .string(server.sandbox.level), "limit": .integer(Int64(server.permits.limit(of: name))),
            "running": .integer(Int64(server.permits.inUse[name] ?? 0)),
            "queued": .optional(line.map { Int64($0.ready + $0.waiting) }),
            "paused": .bool(server.permits.isPaused(name)), "lastSuccess": .time(record?.lastSuccess),
            "failureRate": .optional(record?.failureRate),
        ]
        if let reason = entry.reason { details["reason"] = .string(reason) }
        return details
    }
}
