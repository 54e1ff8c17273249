import Hummingbird
import NIOCore
import Persistence

/// What travels with one request from the first middleware to its route: its id and its connection.
struct HTTPContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// Names the request in the answer, in the log and in the audit trail. `RequestIdentity` puts the client's own id here.
    var requestId: String
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
