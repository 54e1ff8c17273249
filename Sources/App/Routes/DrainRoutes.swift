import Hummingbird
import Persistence
import Pipeline

/// What operators do before maintenance: have the server take no new jobs and work off those it has. Behind the
/// `OperatorGate`.
struct DrainRoutes {
    let control: Control

    func add(to router: RouterGroup<HTTPContext>) {
        router.get("drain", use: show)
        router.post("drain", use: drain)
        router.post("resume", use: resume)
    }

    @Sendable func show(_ request: Request, _ context: HTTPContext) async throws -> Response {
        Self.json(try await control.drainState()).response()
    }

    @Sendable func drain(_ request: Request, _ context: HTTPContext) async throws -> Response {
        Self.json(try await control.drain(requestId: context.requestId)).response()
    }

    @Sendable func resume(_ request: Request, _ context: HTTPContext) async throws -> Response {
        Self.json(try await control.endDrain(requestId: context.requestId)).response()
    }

    private static func json(_ state: DrainState) -> JSONValue {
        .object([
            "drainingSince": .time(state.since), "isDone": .bool(state.isDone),
            "uploading": .integer(Int64(state.uploading)), "pending": .integer(Int64(state.pending)),
            "running": .integer(Int64(state.running)),
        ])
    }
}
