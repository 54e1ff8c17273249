import Hummingbird
import NIOCore
import Persistence

/// What travels with one request from the first middleware to its route: its id and its connection.
struct HTTPContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// Names the request in the answer, in the log and in the audit trail. `RequestIdentity` puts the client's own id
    /// here.
    var requestId: String
    /// Who asks, as far as trusted proxies tell; nil on the unix socket. For the log and for limits, never for a row.
    var client: IPAddress?
    /// The connection. Its pipeline holds the `Conversation`.
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        requestId = Self.newRequestId()
        channel = source.channel
    }

    /// For requests that bring none.
    static func newRequestId() -> String {
        Identifier<HTTPContext>().rawValue
    }
}
