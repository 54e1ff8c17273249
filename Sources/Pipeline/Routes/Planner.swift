package import Persistence

/// Plans the way from one format to another over the converters that are there.
package struct Planner: Sendable {
    /// A route is never longer: each step loses something.
    package static let longestRoute = 3

    private let converters: [Converter]

    package init(_ converters: [Converter]) {
        self.converters = converters
    }

    /// The shortest chain of steps, each with those who can do it in order of preference; `nil` where there is none.
    package func route(from source: Format, to target: Format) -> [RouteStep]? {
        routes(from: source)[target]
    }

    /// What the format can be turned into, in the order of `Format.all`.
    package func targets(of source: Format) -> [(format: Format, route: [RouteStep])] {
        let routes = routes(from: source)
        return Format.all.compactMap { format in routes[format].map { (format, $0) } }
    }

    /// Breadth first, so that a format is reached by the fewest steps; within a depth the preferred converters win.
    private func routes(from source: Format) -> [Format: [RouteStep]] {
        var found: [Format: [RouteStep]] = [:]
        var frontier: [(format: Format, route: [RouteStep])] = [(source, [])]
        for _ in 0..<Self.longestRoute {
            var next: [(format: Format, route: [RouteStep])] = []
            for (format, route) in frontier {
                for target in reachable(from: format) where found[target] == nil {
                    found[target] = route + [step(from: format, to: target)]
                    next.append((target, found[target] ?? []))
                }
            }
            frontier = next
        }
        return found
    }

    private func reachable(from format: Format) -> [Format] {
        var seen: Set<Format> = []
        return converters.flatMap { converter in
            converter.writes.filter { converter.converts(format, to: $0) && seen.insert($0).inserted }
        }
    }

    private func step(from source: Format, to target: Format) -> RouteStep {
        let able = converters.filter { $0.converts(source, to: target) }
        return RouteStep(from: source.name, to: target.name, converters: able.map(\.name))
    }
}

extension Planner {
    /// The tool of a route's first step.
    func tool(of route: [RouteStep]) -> String? {
        let name = route.first?.converters.first
        return converters.first { $0.name == name }?.tool.name
    }
}
