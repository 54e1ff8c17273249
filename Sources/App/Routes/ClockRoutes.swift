import Hummingbird
import Persistence
import Pipeline

/// `/api/clock`: whether the wall clock is believed, and an operator's word that it is right. Behind the `OperatorGate`.
struct ClockRoutes {
    let clock: ClockWatch

    func add(to router: RouterGroup<HTTPContext>) {
        router.get("clock", use: show)
        router.post("clock/confirm", use: confirm)
    }

    @Sendable func show(_ request: Request, _ context: HTTPContext) async throws -> Response {
        json.response()
    }

    @Sendable func confirm(_ request: Request, _ context: HTTPContext) async throws -> Response {
        try await clock.confirm(requestId: context.requestId)
        return json.response()
    }

    private var json: JSONValue {
        .object([
            "isBelieved": .bool(!clock.isHeld), "aheadSeconds": .integer(Int64(clock.ahead.seconds)),
            "now": .time(.now),
        ])
    }
}
