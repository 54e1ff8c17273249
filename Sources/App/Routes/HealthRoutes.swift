import Hummingbird
import Persistence
import Pipeline

/// `/live`, `/ready`, `/health` and their aliases: is it there, can it work, and how is everything.
struct HealthRoutes {
    let server: Server

    func add(to router: RouterGroup<HTTPContext>) {
        for path in ["live", "health/liveness"] { router.get(RouterPath(path), use: live) }
        for path in ["ready", "health/readiness"] { router.get(RouterPath(path), use: ready) }
        for path in ["health", "api/health"] { router.get(RouterPath(path), use: health) }
    }

    @Sendable func live(_ request: Request, _ context: HTTPContext) -> Response {
        JSONValue.object(["status": "ok", "timestamp": .time(.now)]).response()
    }

    /// 503 when the database does not answer or no tool works.
    @Sendable func ready(_ request: Request, _ context: HTTPContext) async -> Response {
        let examination = await HealthExamination(server)
        let isReady = examination.isReady
        return JSONValue.object([
            "status": isReady ? "ready" : "degraded", "timestamp": .time(.now), "checks": examination.json,
        ]).response(isReady ? .ok : .serviceUnavailable)
    }

    @Sendable func health(_ request: Request, _ context: HTTPContext) async -> Response {
        let began = ContinuousClock.now
        let examination = await HealthExamination(server)
        let took = ContinuousClock.now - began
        return JSONValue.object([
            "status": .string(examination.word), "timestamp": .time(.now), "checks": examination.json,
            "version": .string(Version.current), "environment": .string(server.settings.environment.rawValue),
            "uptimeSeconds": .number((ContinuousClock.now - server.startedAt).seconds),
            "responseTimeMs": .number(took.seconds * 1000), "memory": Memory.json,
        ]).response(examination.isReady ? .ok : .serviceUnavailable)
    }
}
