import HTTPTypes
import Hummingbird
import NIOCore

/// `Expect` of RFC 9110 section 10.1.1. `100 Continue` goes out when the route first asks for the body, and only then:
/// a route that refuses from the head alone never has the body sent to it. Any other expectation is 417.
struct Expectations: RouterMiddleware {
    typealias Context = HTTPContext

    func handle(
        _ request: Request, context: HTTPContext,
        next: (Request, HTTPContext) async throws -> Response
    ) async throws -> Response {
        let expectations = request.headers[values: .expect]
            .flatMap { $0.split(separator: ",") }
            .map { $0.filter { !$0.isWhitespace }.lowercased() }
        guard !expectations.isEmpty else { return try await next(request, context) }
        guard expectations.allSatisfy({ $0 == "100-continue" }) else {
            throw Problem(.expectationFailed, "The only expectation known here is 100-continue.")
        }
        var request = request
        request.body = RequestBody(asyncSequence: AwaitedBody(body: request.body, channel: context.channel))
        return try await next(request, context)
    }
}

/// A request's body that tells the `Conversation` when it is first asked for.
private struct AwaitedBody: AsyncSequence, Sendable {
    let body: RequestBody
    let channel: any Channel

    struct AsyncIterator: AsyncIteratorProtocol {
        var body: RequestBody.AsyncIterator
        var channel: (any Channel)?

        mutating func next() async throws -> ByteBuffer? {
            channel?.triggerUserOutboundEvent(Conversation.BodyIsWanted(), promise: nil)
            channel = nil
            return try await body.next()
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(body: body.makeAsyncIterator(), channel: channel)
    }
}
