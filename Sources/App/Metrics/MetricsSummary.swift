import Persistence
import Pipeline

/// `/metrics` for who has no Prometheus: what happened since the start, in JSON.
struct MetricsSummary {
    let server: Server

    var json: JSONValue {
        .object([
            "timestamp": .time(.now), "uptimeSeconds": .number(server.uptime.seconds), "requests": requests,
            "conversions": conversions, "memory": Memory.json(MachineMemory.read()),
        ])
    }

    private var requests: JSONValue {
        let bounds = server.metrics.requests.bounds
        var routes: [String: Tally] = [:]
        var all = Tally(name: "all", bounds)
        for (key, histogram) in server.metrics.requests.all {
            let name = "\(key.method.rawValue) \(key.route)"
            routes[name, default: Tally(name: name, bounds)].add(histogram, status: key.status)
            all.add(histogram, status: key.status)
        }
        var members = all.members(bounds)
        members["routes"] = .array(
            routes.values.sorted { $0.name < $1.name }.map { tally in
                var members: JSONObject = ["route": .string(tally.name)]
                for member in tally.members(bounds).members { members[member.name] = member.value }
                return .object(members)
            })
        return .object(members)
    }

    /// The requests of one route.
    private struct Tally {
        let name: String
        var histogram: Histogram
        var errors: UInt64 = 0

        init(name: String, _ bounds: [Double]) {
            self.name = name
            histogram = Histogram(ranges: bounds.count + 1)
        }

        /// An error is what is our fault.
        mutating func add(_ other: Histogram, status: Int) {
            histogram.add(other)
            if status >= 500 { errors += other.count }
        }

        func members(_ bounds: [Double]) -> JSONObject {
            let count = histogram.count
            return [
                "count": .integer(Int64(count)),
                "meanMs": .optional(histogram.mean.map { Duration.seconds($0).roundedMilliseconds }),
                "p95Ms": .optional(histogram.quantile(0.95, bounds).map { Duration.seconds($0).roundedMilliseconds }),
                "errors": .integer(Int64(errors)),
                "errorRate": .number(count == 0 ? 0 : Double(errors) / Double(count)),
            ]
        }
    }

    private var conversions: JSONValue {
        .array(
            server.metrics.conversions.map { key, figures in
                let count = figures.succeeded + figures.failed
                return .object([
                    "converter": .string(key.converter), "from": .string(key.from), "to": .string(key.to),
                    "succeeded": .integer(Int64(figures.succeeded)), "failed": .integer(Int64(figures.failed)),
                    "meanSeconds": .optional(count == 0 ? nil : figures.seconds / Double(count)),
                ])
            })
    }
}
