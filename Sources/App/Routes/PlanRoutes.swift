import Hummingbird
import NIOCore
import Persistence
import Pipeline

/// `POST /api/plan`: the way of a conversion and what is lost on it, without an upload.
struct PlanRoutes {
    let catalogue: Catalogue

    /// In bytes.
    private static let longestBody = 64 << 10

    func add(to router: RouterGroup<HTTPContext>) {
        router.post(use: plan)
    }

    @Sendable func plan(_ request: Request, _ context: HTTPContext) async throws -> Response {
        let body = try await request.body.collect(upTo: Self.longestBody)
        let wish = try PlanWish(json: Array(body.readableBytesView))
        let source = try Upload.target(named: wish.from)
        let target = try Upload.target(named: wish.to)
        let planner = catalogue.planner
        let plan = try catalogue.plan(PlanRequest(from: source, to: target, options: wish.options))
        return JSONValue.object([
            "from": .string(source.name), "to": .string(target.name),
            "route": .array(plan.route.map(JobView.json)),
            "selfTest": .string(catalogue.trust.word(for: plan.route)),
            "losses": .array(
                plan.losses.map { loss in
                    .object(["feature": .string(loss.rawValue), "message": .string(loss.loss(in: target))])
                }),
            "options": .array(planner.options(from: source, to: target).map { .string($0.rawValue) }),
        ]).response()
    }
}
