import HTTPTypes

/// What requests are told apart by: all three come from closed sets, so that no client can make the figures grow.
struct RequestKey: Hashable, Sendable {
    let method: Method
    /// As in the contract: `/api/jobs/{id}`.
    let route: String
    let status: Int

    enum Method: String, Sendable {
        case get = "GET"
        case head = "HEAD"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
        case options = "OPTIONS"
        case other

        init(_ method: HTTPRequest.Method) {
            self = Method(rawValue: method.rawValue) ?? .other
        }
    }

    /// What all paths share that lead nowhere.
    static let nowhere = "none"
    /// Requests that are asked to wait are no slower than they were told to be.
    static let waiting = "/api/jobs/{id}?wait"
}
