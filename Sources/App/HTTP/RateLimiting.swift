import HTTPTypes
import Hummingbird
import Persistence

/// Keeps clients to their limits: `general` for all requests, and `strict` besides for those that make a job. Probes,
/// the page and preflights are free, and so is the unix socket. Every answer that counts tells what is left: it goes
/// outside of what turns errors into answers.
struct RateLimiting: RouterMiddleware {
    typealias Context = HTTPContext

    let general: RateLimiter?
    let strict: RateLimiter?

    init(general: RateLimit?, strict: RateLimit?) {
        self.general = general.map { RateLimiter($0) }
        self.strict = strict.map { RateLimiter($0) }
    }

    func handle(
        _ request: Request, context: HTTPContext,
        next: (Request, HTTPContext) async throws -> Response
    ) async throws -> Response {
        let limiters = limiters(for: request)
        guard let client = context.client?.network, !limiters.isEmpty else { return try await next(request, context) }
        // All are asked before any counts: what one refuses costs nothing with the other.
        let isRefused = limiters.contains { !$0.limiter.look(client).isAllowed }
        let counts = limiters.map { name, limiter in
            Count(name, limiter.limit, isRefused ? limiter.look(client) : limiter.take(client))
        }
        if let refusing = counts.filter({ !$0.verdict.isAllowed }).max(by: {
            $0.verdict.retryAfter < $1.verdict.retryAfter
        }) {
            return refusing.problem(Count.fields(of: counts)).response(requestId: context.requestId)
        }
        var response = try await next(request, context)
        for field in Count.fields(of: counts) { response.headers[field.name] = field.value }
        return response
    }

    private func limiters(for request: Request) -> [(name: String, limiter: RateLimiter)] {
        guard general != nil || strict != nil else { return [] }
        let kind = RequestKind(request)
        guard !kind.isProbe, !kind.isStatic, request.method != .options else { return [] }
        var limiters: [(name: String, limiter: RateLimiter)] = []
        if let general { limiters.append(("general", general)) }
        if let strict, kind.makesJob { limiters.append(("strict", strict)) }
        return limiters
    }
}

/// How one client stands with one limit.
private struct Count {
    let name: String
    let limit: RateLimit
    let verdict: RateLimiter.Verdict

    init(_ name: String, _ limit: RateLimit, _ verdict: RateLimiter.Verdict) {
        (self.name, self.limit, self.verdict) = (name, limit, verdict)
    }

    /// `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-10) with all limits, and the older
    /// fields with the one of which least is left; there, `Reset` is in seconds since 1970.
    static func fields(of counts: [Count], now: Instant = .now) -> HTTPFields {
        var fields: HTTPFields = [:]
        fields[.rateLimitPolicy] = counts.map { "\"\($0.name)\";q=\($0.limit.count);w=\(seconds($0.limit.window))" }
            .joined(separator: ", ")
        fields[.rateLimit] = counts.map { "\"\($0.name)\";r=\($0.verdict.remaining);t=\(seconds($0.verdict.reset))" }
            .joined(separator: ", ")
        if let least = counts.min(by: { $0.verdict.remaining < $1.verdict.remaining }) {
            fields[.xRateLimitLimit] = "\(least.limit.count)"
            fields[.xRateLimitRemaining] = "\(least.verdict.remaining)"
            fields[.xRateLimitReset] = "\((now + least.verdict.reset).rawValue / 1000 + 1)"
        }
        return fields
    }

    func problem(_ fields: HTTPFields) -> Problem {
        var fields = fields
        let wait = Self.seconds(verdict.retryAfter)
        fields[.retryAfter] = "\(wait)"
        return Problem(
            .rateLimited,
            "At most \(limit.count) requests in \(Self.seconds(limit.window)) s are taken here from one client. "
                + "Try again in \(wait) s.",
            headers: fields, extensions: ["policy": .string(name)])
    }

    /// Rounded up.
    private static func seconds(_ time: Duration) -> Int64 {
        max(0, (time.milliseconds + 999) / 1000)
    }
}

extension Problem.Kind {
    static let rateLimited = Self("rateLimited", .tooManyRequests, "There were too many requests")
}

extension HTTPField.Name {
    // The literals are valid tokens, so the initializers cannot fail.
    // swift-format-ignore: NeverForceUnwrap
    static let rateLimit = HTTPField.Name("RateLimit")!
    // swift-format-ignore: NeverForceUnwrap
    static let rateLimitPolicy = HTTPField.Name("RateLimit-Policy")!
    // swift-format-ignore: NeverForceUnwrap
    static let xRateLimitLimit = HTTPField.Name("X-RateLimit-Limit")!
    // swift-format-ignore: NeverForceUnwrap
    static let xRateLimitRemaining = HTTPField.Name("X-RateLimit-Remaining")!
    // swift-format-ignore: NeverForceUnwrap
    static let xRateLimitReset = HTTPField.Name("X-RateLimit-Reset")!
}
