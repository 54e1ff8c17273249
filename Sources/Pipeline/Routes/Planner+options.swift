package import Persistence

/// The way of one job: its steps, and what cannot come along.
package struct Plan: Sendable {
    package let route: [RouteStep]
    /// The tool of the first step's first converter.
    package let tool: String
    /// What the source's format can hold and the way has no place for.
    package let losses: [Feature]
    package let source: Format
    package let target: Format
}

/// What is to be planned.
package struct PlanRequest: Sendable {
    package let source: Format
    package let target: Format
    package let options: ConversionOptions
    /// Whether the source is known to move: then converters that keep that come first.
    package let isAnimated: Bool

    package init(
        from source: Format, to target: Format, options: ConversionOptions = ConversionOptions(),
        isAnimated: Bool = false
    ) {
        self.source = source
        self.target = target
        self.options = options
        self.isAnimated = isAnimated
    }
}

extension Planner {
    /// Plans a job, or says why that is impossible and what is possible.
    package func plan(_ request: PlanRequest) throws(Refusal) -> Plan {
        let services = try services(for: request)
        // A file that only wants a service needs no other conversion.
        let isOnlyServed =
            request.source == request.target && !(services.before.isEmpty && services.after.isEmpty)
        guard let hops = isOnlyServed ? [] : chain(from: request.source, to: request.target) else {
            throw noRoute(request)
        }
        let route = try services.before + steps(hops, for: request) + services.after
        guard let tool = tool(of: route) else { throw noRoute(request) }
        try checkNumbers(request, hops)
        let carried = hops.reduce(request.source.carries) { $0.intersection($1.to.carries) }
        return Plan(
            route: route, tool: tool,
            losses: Feature.allCases.filter(request.source.carries.subtracting(carried).contains),
            source: request.source, target: request.target)
    }

    /// The way to a picture of a model: at once where a tool shows its format, else over GLB; `nil` where there is none.
    package func preview(of format: Format) -> (route: [RouteStep], tool: String)? {
        let shown = servants(of: .preview, for: format).isEmpty ? Format.glb : format
        let servants = servants(of: .preview, for: shown)
        guard !servants.isEmpty, !format.isSheet else { return nil }
        var route = shown == format ? [] : self.route(from: format, to: shown) ?? []
        guard shown == format || !route.isEmpty else { return nil }
        route.append(RouteStep(from: shown.name, to: Format.png.name, converters: servants.map(\.name)))
        return tool(of: route).map { (route, $0) }
    }

    /// The options that mean something on this way.
    package func options(from source: Format, to target: Format) -> [Option] {
        let hops = chain(from: source, to: target) ?? []
        guard !hops.isEmpty else { return [] }
        return Option.allCases.filter { option in
            switch option {
            case .compress: MeshCompression.allCases.contains { isServed(.compress($0), target) }
            case .repair: isServed(.repair, source) || isServed(.repair, target)
            case .sourceUnit, .sourceUp, .targetUnit, .targetUp, .scale: hops.last?.isNumeric == true
            // How the result is written is no matter of the steps before.
            case .binary, .embedTextures: hops.suffix(1).contains { isHonoured(option, $0) }
            default: hops.contains { isHonoured(option, $0) }
            }
        }
    }

    private func isHonoured(_ option: Option, _ hop: Hop) -> Bool {
        able(from: hop.from, to: hop.to).contains { $0.honours(option, in: hop.to) }
    }

    private func isServed(_ service: Converter.Service, _ format: Format) -> Bool {
        !servants(of: service, for: format).isEmpty
    }

    /// Each step by those who do what the options ask of it.
    private func steps(_ hops: [Hop], for request: PlanRequest) throws(Refusal) -> [RouteStep] {
        var open = Set(request.options.said.filter(\.isOfTools))
        var route: [RouteStep] = []
        for hop in hops {
            let isAnimated = request.isAnimated && hop.from == request.source
            var able = able(from: hop.from, to: hop.to, isAnimated: isAnimated)
            let isLast = hop == hops.last
            for option in open.sorted(by: { $0.rawValue < $1.rawValue })
            where isLast || (option != .binary && option != .embedTextures) {
                let obedient = able.filter { $0.honours(option, in: hop.to) }
                if !obedient.isEmpty {
                    able = obedient
                    open.remove(option)
                }
            }
            route.append(RouteStep(from: hop.from.name, to: hop.to.name, converters: able.map(\.name)))
        }
        if let option = open.min(by: { $0.rawValue < $1.rawValue }) { throw useless(option, request) }
        return route
    }

    /// The extra steps that options ask for.
    private func services(for request: PlanRequest) throws(Refusal) -> (before: [RouteStep], after: [RouteStep]) {
        var before: [RouteStep] = []
        var after: [RouteStep] = []
        if request.options.repair == true {
            // After the conversion where that can be: it may have torn what was whole.
            if let step = step(.repair, in: request.target) {
                after.append(step)
            } else if let step = step(.repair, in: request.source) {
                before.append(step)
            } else {
                throw useless(.repair, request)
            }
        }
        if let compression = request.options.compress {
            guard let step = step(.compress(compression), in: request.target) else { throw useless(.compress, request) }
            after.append(step)
        }
        return (before, after)
    }

    private func step(_ service: Converter.Service, in format: Format) -> RouteStep? {
        let servants = servants(of: service, for: format)
        guard !servants.isEmpty else { return nil }
        return RouteStep(from: format.name, to: format.name, converters: servants.map(\.name))
    }

    private func checkNumbers(_ request: PlanRequest, _ hops: [Hop]) throws(Refusal) {
        let numbers: [Option] = [.sourceUnit, .sourceUp, .targetUnit, .targetUp, .scale]
        guard let option = request.options.said.first(where: numbers.contains) else { return }
        // The last step that changes the format brings the numbers into their unit.
        // Where there is none, an extra step does.
        let isNumeric = hops.last?.isNumeric ?? Normalisation.isPossible(in: request.target)
        if !isNumeric { throw useless(option, request) }
    }

    private func useless(_ option: Option, _ request: PlanRequest) -> Refusal {
        let others = options(from: request.source, to: request.target).map(\.rawValue)
        let offer = others.isEmpty ? "No option does." : "Those that do: \(others.joined(separator: ", "))."
        return Refusal(
            .invalidOption,
            "The option \(option.rawValue) means nothing for a conversion of \(request.source.name) to "
                + "\(request.target.name) here. \(offer)", pointer: "/options/\(option.rawValue)")
    }

    private func noRoute(_ request: PlanRequest) -> Refusal {
        let targets = targets(of: request.source).map(\.format.name)
        let offer =
            targets.isEmpty
            ? "Nothing can be made of \(request.source.name) here."
            : "Possible targets are: \(targets.joined(separator: ", "))."
        return Refusal(
            .noRoute, "\(request.source.name) cannot be converted to \(request.target.name) here. \(offer)")
    }
}

extension Converter {
    func honours(_ option: Option, in target: Format) -> Bool {
        honours[option]?.contains(target) ?? false
    }
}
