import HTTPTypes
import Hummingbird

/// What sort of request it is, as far as limits, timeouts and the log treat it differently: the one table for all of
/// them.
struct RequestKind: Equatable, Sendable {
    /// Asked every few seconds by machines: neither limited nor in the way of the log.
    let isProbe: Bool
    /// The page and the contract.
    let isStatic: Bool
    /// Asks for a conversion.
    let makesJob: Bool
    /// Sends or fetches a file, or waits for something: it has no common measure of time.
    let takesItsTime: Bool

    init(_ request: Request) {
        self.init(request.method, path: request.uri.path, waits: request.uri.queryParameters["wait"] != nil)
    }

    /// Empty parts of the path do not count, as for the router.
    init(_ method: HTTPRequest.Method, path: String, waits: Bool = false) {
        let parts = path.split(separator: "/")
        isProbe = Self.isProbe(parts)
        isStatic = parts.isEmpty || parts == ["openapi.yaml"]
        let job = parts.count == 4 && parts[0] == "api" && parts[1] == "jobs" ? parts[3] : ""
        let isUpload = method == .post && parts == ["api", "convert"]
        makesJob = isUpload || method == .post && job == "retry"
        takesItsTime = isUpload || waits || ["result", "source", "log", "preview"].contains(job)
    }

    private static func isProbe(_ parts: [Substring]) -> Bool {
        switch parts.first {
        case "live", "ready", "metrics": parts.count == 1
        case "health": true
        case "api": parts.count > 1 && parts[1] == "health"
        default: false
        }
    }
}
