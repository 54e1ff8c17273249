import HTTPTypes
import Hummingbird
import Persistence
import Pipeline

/// What operators do: pause tools, and repeat many jobs at once. Behind the `OperatorGate`.
struct OperatorRoutes {
    let control: Control

    func add(to router: RouterGroup<HTTPContext>) {
        router.get("tools", use: tools)
        router.post("tools/:tool/pause", use: pause)
        router.post("tools/:tool/resume", use: resume)
        router.post("jobs/retry", use: retry)
    }

    @Sendable func tools(_ request: Request, _ context: HTTPContext) async throws -> Response {
        JSONValue.object(["tools": .array(try await control.tools().map(Self.json))]).response()
    }

    @Sendable func pause(_ request: Request, _ context: HTTPContext) async throws -> Response {
        try Self.answer(try await control.pause(Self.name(context), requestId: context.requestId))
    }

    @Sendable func resume(_ request: Request, _ context: HTTPContext) async throws -> Response {
        try Self.answer(try await control.resume(Self.name(context), requestId: context.requestId))
    }

    /// Those with a failure that `?code=` names, or those that are worth it.
    @Sendable func retry(_ request: Request, _ context: HTTPContext) async throws -> Response {
        let query = request.uri.queryParameters
        guard query["status"] == "failed" else {
            throw Problem(.malformedRequest, "Only failed jobs are repeated together: say status=failed.")
        }
        let code = try query["code"].map { word in
            guard let code = Failure.Code(rawValue: String(word)) else {
                let known = Failure.Code.allCases.map(\.rawValue).joined(separator: ", ")
                throw Problem(.malformedRequest, "There is no failure \"\(word.prefix(40))\". Known are: \(known).")
            }
            return code
        }
        let outcome = try await control.retryAll(code, requestId: context.requestId)
        return JSONValue.object([
            "retried": .integer(Int64(outcome.retried)), "refused": .integer(Int64(outcome.refused)),
            "isComplete": .bool(outcome.isComplete),
        ]).response()
    }

    private static func name(_ context: HTTPContext) -> String {
        context.parameters.get("tool") ?? ""
    }

    private static func answer(_ state: ToolState?) throws(Problem) -> Response {
        guard let state else { throw Problem(.notFound, "There is no tool with this name.") }
        return json(state).response()
    }

    private static func json(_ state: ToolState) -> JSONValue {
        .object([
            "name": .string(state.name), "installed": .bool(state.version != nil), "version": .optional(state.version),
            "limit": .integer(Int64(state.limit)), "running": .integer(Int64(state.running)),
            "ready": .integer(Int64(state.line.ready)), "waiting": .integer(Int64(state.line.waiting)),
            "pausedAt": .time(state.pausedAt),
        ])
    }
}
