import Hummingbird
import Pipeline

/// `/api/formats` and `/api/converters`: what converts into what here, and through which tool.
struct CatalogueRoutes {
    let toolbox: Toolbox
    let permits: Permits

    func add(to router: RouterGroup<HTTPContext>) {
        router.get("formats", use: formats)
        router.get("converters", use: converters)
    }

    @Sendable func formats(_ request: Request, _ context: HTTPContext) -> Response {
        let planner = toolbox.planner
        let formats: [JSONValue] = Format.all.map { format in
            .object([
                "name": .string(format.name), "label": .string(format.label), "mediaType": .string(format.mediaType),
                "extensions": .array(format.extensions.map(JSONValue.string)),
                "targets": .array(
                    planner.targets(of: format).map { target in
                        .object([
                            "format": .string(target.format.name), "route": .array(target.route.map(JobView.json)),
                        ])
                    }),
            ])
        }
        return JSONValue.object(["formats": .array(formats)]).response()
    }

    @Sendable func converters(_ request: Request, _ context: HTTPContext) -> Response {
        let converters: [JSONValue] = toolbox.entries.map { entry in
            let converter = entry.converter
            var reason: String?
            if case .missing(let why) = entry.state { reason = why }
            return .object([
                "name": .string(converter.name), "tool": .string(converter.tool.name),
                "installed": .bool(entry.tool != nil), "version": .optional(entry.tool?.version),
                "reason": .optional(reason), "sandbox": .string(Sandbox.level),
                "limit": .integer(Int64(permits.limit(of: converter.tool.name))),
                "reads": .array(converter.reads.map { .string($0.name) }),
                "writes": .array(converter.writes.map { .string($0.name) }),
                "install": .string(converter.tool.install),
            ])
        }
        return JSONValue.object(["converters": .array(converters)]).response()
    }
}
