import Hummingbird
import Persistence
import Pipeline

/// `/api/formats` and `/api/converters`: what converts into what here, through which tool, and what was seen of it.
struct CatalogueRoutes {
    let catalogue: Catalogue
    let permits: Permits
    /// The level of it.
    let sandbox: String

    func add(to router: RouterGroup<HTTPContext>) {
        router.get("formats", use: formats)
        router.get("converters", use: converters)
    }

    @Sendable func formats(_ request: Request, _ context: HTTPContext) -> Response {
        let planner = catalogue.planner
        let trust = catalogue.trust
        let formats: [JSONValue] = Format.all.map { format in
            .object([
                "name": .string(format.name), "label": .string(format.label), "mediaType": .string(format.mediaType),
                "extensions": .array(format.extensions.map(JSONValue.string)),
                "targets": .array(
                    planner.targets(of: format).map { target in
                        .object([
                            "format": .string(target.format.name), "route": .array(target.route.map(JobView.json)),
                            "selfTest": .string(trust.word(for: target.route)),
                            "options": .array(
                                planner.options(from: format, to: target.format).map { .string($0.rawValue) }),
                        ])
                    }),
            ])
        }
        return JSONValue.object([
            "formats": .array(formats), "options": .array(Option.allCases.map(Self.json)),
        ]).response()
    }

    private static func json(_ option: Option) -> JSONValue {
        var members: JSONObject = [
            "name": .string(option.rawValue), "description": .string(option.summary),
        ]
        switch option.values {
        case .oneOf(let words):
            members["type"] = .string("string")
            members["enum"] = .array(words.map(JSONValue.string))
        case .number(let range):
            members["type"] = .string("number")
            members["minimum"] = .number(range.lowerBound)
            members["maximum"] = .number(range.upperBound)
        case .truth: members["type"] = .string("boolean")
        case .parameters: members["type"] = .string("object")
        case .text: members["type"] = .string("string")
        }
        return .object(members)
    }

    @Sendable func converters(_ request: Request, _ context: HTTPContext) -> Response {
        let trust = catalogue.trust
        let converters = catalogue.toolbox.entries.map { json($0, trust) }
        return JSONValue.object(["converters": .array(converters)]).response()
    }

    private func json(_ entry: Toolbox.Entry, _ trust: Trust) -> JSONValue {
        let converter = entry.converter
        func formats(_ formats: [Format], _ direction: Trust.Direction) -> JSONValue {
            .array(
                formats.map { format in
                    Self.json(format, trust.verdict(converter.name, direction, format), isInstalled: entry.tool != nil)
                })
        }
        return .object([
            "name": .string(converter.name), "tool": .string(converter.tool.name),
            "installed": .bool(entry.tool != nil), "version": .optional(entry.tool?.version),
            "reason": .optional(entry.reason), "sandbox": .string(sandbox),
            "limit": .integer(Int64(permits.limit(of: converter.tool.name))),
            "reads": .array(converter.reads.map { .string($0.name) }),
            "writes": .array(converter.writes.map { .string($0.name) }),
            "selfTest": .object([
                "reads": formats(converter.reads, .reading), "writes": formats(converter.writes, .writing),
            ]),
            "install": .string(converter.tool.install),
        ])
    }

    private static func json(_ format: Format, _ verdict: Trust.Verdict, isInstalled: Bool) -> JSONValue {
        var members: JSONObject = ["format": .string(format.name), "verdict": .string(verdict.word)]
        if case .failed(let why) = verdict { members["reason"] = .string(why) }
        if !isInstalled { members["verdict"] = .string("untested") }
        return .object(members)
    }
}

extension Trust.Verdict {
    /// As the API says it.
    var word: String {
        switch self {
        case .passed: "passed"
        case .untested: "untested"
        case .failed: "failed"
        }
    }
}

extension Trust {
    /// Of a whole route: passed when each step was seen to work with the converter that comes first.
    func word(for route: [RouteStep]) -> String {
        let verdicts = route.map { step -> Verdict in
            guard let converter = step.converters.first, let from = Format.named(step.from),
                let to = Format.named(step.to)
            else { return .untested }
            return verdict(converter, from: from, to: to)
        }
        return verdicts.allSatisfy { $0 == .passed } ? Verdict.passed.word : Verdict.untested.word
    }
}
