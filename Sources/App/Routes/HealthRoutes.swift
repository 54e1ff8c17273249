import Hummingbird
import Persistence
import Pipeline

/// `/live`, `/ready`, `/health` and their aliases: does it have to be started again, should requests come here, and how is
/// everything. Each has a budget (10, 100 and 200 ms), and tells as failed or slow what it does not know by then.
struct HealthRoutes {
    let server: Server

    func add(to router: RouterGroup<HTTPContext>) {
        for path in ["live", "health/liveness"] { router.get(RouterPath(path), use: live) }
        for path in ["ready", "health/readiness"] { router.get(RouterPath(path), use: ready) }
        for path in ["health", "api/health"] { router.get(RouterPath(path), use: health) }
    }

    /// 503 when the scheduler is stuck, which only a new start cures. Asks neither disk nor database.
    @Sendable func live(_ request: Request, _ context: HTTPContext) -> Response {
        guard server.scheduler.heartbeat.isFelt() else {
            return JSONValue.object([
                "status": "failed", "timestamp": .time(.now), "reason": "The scheduler does not come round.",
            ]).response(.serviceUnavailable)
        }
        return JSONValue.object(["status": "ok", "timestamp": .time(.now)]).response()
    }

    /// 503 when jobs should not be sent here now, with what fails.
    @Sendable func ready(_ request: Request, _ context: HTTPContext) async -> Response {
        let examination = HealthExamination(server, await Findings(server, within: Findings.readiness))
        let isReady = examination.isReady
        var members: JSONObject = ["status": isReady ? "ready" : "degraded", "timestamp": .time(.now)]
        if !isReady { members["failures"] = .array(examination.failures.map(JSONValue.string)) }
        members["checks"] = examination.json
        return JSONValue.object(members).response(isReady ? .ok : .serviceUnavailable)
    }

    @Sendable func health(_ request: Request, _ context: HTTPContext) async -> Response {
        let began = ContinuousClock.now
        let findings = await Findings(server, within: Findings.full, withLines: true)
        let examination = HealthExamination(server, findings)
        let took = ContinuousClock.now - began
        return JSONValue.object([
            "status": .string(examination.word), "timestamp": .time(.now), "checks": examination.json,
            "version": .string(Version.current), "environment": .string(server.settings.environment.rawValue),
            "uptimeSeconds": .number(server.uptime.seconds), "responseTimeMs": .number(took.seconds * 1000),
            "memory": Memory.json(findings.memory),
        ]).response(examination.isUsable ? .ok : .serviceUnavailable)
    }
}
