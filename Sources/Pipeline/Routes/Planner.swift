package import Persistence

/// Plans the way from one format to another over the converters that are there and were not seen to fail.
package struct Planner: Sendable {
    /// A chain is never longer: each step loses something. Extra steps for options come on top.
    package static let longestRoute = 3

    private let converters: [Converter]
    /// What can be made of each format in one step, and by whom.
    private let steps: [Format: [Format: [Converter]]]
    /// The same targets, in the order in which the converters name them.
    private let order: [Format: [Format]]
    private let known = Memory<Hop, [Hop]?>()

    package init(_ converters: [Converter], trust: Trust = Trust()) {
        self.converters = converters
        let chain = converters.filter { $0.serves == nil }
        var steps: [Format: [Format: [Converter]]] = [:]
        for source in Format.all {
            for target in Format.all where Verification.isPossible(of: target, by: converters) {
                let able = chain.filter { converter in
                    guard converter.converts(source, to: target) else { return false }
                    if case .failed = trust.verdict(converter.name, from: source, to: target) { return false }
                    return true
                }
                if !able.isEmpty { steps[source, default: [:]][target] = able }
            }
        }
        self.steps = steps
        order = steps.mapValues { targets in
            var seen: Set<Format> = []
            return chain.flatMap(\.writes).filter { targets[$0] != nil && seen.insert($0).inserted }
        }
    }

    /// The way with the fewest steps that keeps the most of the model, each step with those who can do it in order of
    /// preference; `nil` where there is none.
    package func route(from source: Format, to target: Format) -> [RouteStep]? {
        chain(from: source, to: target).map { $0.map { step(from: $0.from, to: $0.to) } }
    }

    /// What the format can be turned into, in the order of `Format.all`.
    package func targets(of source: Format) -> [(format: Format, route: [RouteStep])] {
        Format.all.compactMap { format in route(from: source, to: format).map { (format, $0) } }
    }

    /// The tool of a route's first step.
    package func tool(of route: [RouteStep]) -> String? {
        let name = route.first?.converters.first
        return converters.first { $0.name == name }?.tool.name
    }

    /// Those who can do the extra step.
    func servants(of service: Converter.Service, for format: Format) -> [Converter] {
        converters.filter { $0.serves == service && $0.reads.contains(format) }
    }

    /// Those who can do the step, the most wanted first.
    func able(from source: Format, to target: Format, isAnimated: Bool = false) -> [Converter] {
        let able = steps[source]?[target] ?? []
        let ranked = able.enumerated().map { place, converter in
            let isMaster = isAnimated && converter.keepsAnimation
            return (rank: isMaster ? 0 : converter.rank(source), place: place, converter: converter)
        }
        return ranked.sorted { ($0.rank, $0.place) < ($1.rank, $1.place) }.map(\.converter)
    }

    private func step(from source: Format, to target: Format) -> RouteStep {
        RouteStep(from: source.name, to: target.name, converters: able(from: source, to: target).map(\.name))
    }
}

extension Planner {
    struct Hop: Hashable {
        let from: Format
        let to: Format

        /// Whether we can change the numbers on the way.
        var isNumeric: Bool { Normalisation.isPossible(in: from) || Normalisation.isPossible(in: to) }

        /// Whether a model in the middle of its way, whose unit we know though its format has none, comes out right.
        var keepsUnits: Bool {
            isNumeric || Frame.of(from).metresPerUnit != nil || Frame.of(to).metresPerUnit == nil
        }
    }

    private struct Path {
        var hops: [Hop] = []
        var cost = 0
    }

    /// Costs of a path: a step more is dearer than anything that it could keep.
    private enum Cost {
        static let step = 1000
        /// Of something that source and target can both hold, and the format between them cannot.
        static let loss = 10
    }

    /// The cheapest chain; `nil` where there is none. Searched for once.
    func chain(from source: Format, to target: Format) -> [Hop]? {
        known.value(for: Hop(from: source, to: target)) { search(from: source, to: target) }
    }

    /// Breadth first.
    private func search(from source: Format, to target: Format) -> [Hop]? {
        let wanted = source.carries.intersection(target.carries)
        var best: [Format: Path] = [:]
        // In the order in which formats were first reached, so that of equal chains the preferred converter's wins.
        var frontier: [(format: Format, path: Path)] = [(source, Path())]
        for _ in 0..<Self.longestRoute {
            var next: [(format: Format, path: Path)] = []
            for (format, path) in frontier {
                for reached in reachable(from: format, on: path, to: target, of: source) {
                    let lost = reached == target ? 0 : wanted.subtracting(reached.carries).count
                    var longer = path
                    longer.hops.append(Hop(from: format, to: reached))
                    longer.cost += Cost.step + lost * Cost.loss
                    if longer.cost < best[reached]?.cost ?? .max {
                        best[reached] = longer
                        next.removeAll { $0.format == reached }
                        next.append((reached, longer))
                    }
                }
            }
            frontier = next
        }
        return best[target]?.hops
    }

    /// In the order in which converters name them: of chains that cost the same, the first is taken. Between the ends no format is visited twice, and a model does not become a sheet by
    /// way of a drawing of its edges.
    private func reachable(from format: Format, on path: Path, to target: Format, of source: Format) -> [Format] {
        let isDrawn = target.isSheet && !source.canBeDrawing
        return (order[format] ?? []).filter { reached in
            guard !isDrawn || !reached.canBeDrawing else { return false }
            guard path.hops.isEmpty || Hop(from: format, to: reached).keepsUnits else { return false }
            return reached != source || (path.hops.isEmpty && target == source)
        }
    }
}
