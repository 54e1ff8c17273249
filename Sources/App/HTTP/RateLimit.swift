import Persistence

/// So many requests in so much time.
struct RateLimit: Equatable, Sendable {
    let count: Int
    let window: Duration

    /// What a setting says.
    enum Choice: Equatable, Sendable {
        /// The usual one in production, none in development.
        case auto
        case off
        case limit(RateLimit)
    }

    /// Nanoseconds of one request, of which at least one goes by.
    var interval: Int64 { max(1, span / Int64(count)) }

    var span: Int64 { window.nanoseconds }
}

extension RateLimit.Choice {
    /// - Parameter usual: requests a minute in production.
    func limit(in environment: Settings.Environment, usual: Int) -> RateLimit? {
        switch self {
        case .off: nil
        case .limit(let limit): limit
        case .auto: environment == .production ? RateLimit(count: usual, window: .seconds(60)) : nil
        }
    }
}
