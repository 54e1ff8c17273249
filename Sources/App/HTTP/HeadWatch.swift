import NIOCore
import NIOHTTPTypes

/// What the head of a request may cost: its bytes, its fields, and the time from the connection, or the last answer,
/// until it is complete. A connection on which that is over ends without a word.
final class HeadWatch: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// Bytes of a field, and of all together; the address counts as one, and options may be in it.
    static let fieldSize = 64 << 10
    static let headSize = 80 << 10
    static let fields = 100

    private let time: TimeAmount
    private var timer: Scheduled<Void>?
    /// Requests that have begun and are not answered yet.
    private var open = 0

    init(time: TimeAmount) {
        self.time = time
    }

    func handlerAdded(context: ChannelHandlerContext) {
        do {
            try HostRule.add(to: context.pipeline.syncOperations)
        } catch {
            context.fireErrorCaught(error)
        }
        start(context)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        stop()
    }

    func channelInactive(context: ChannelHandlerContext) {
        stop()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head = unwrapInboundIn(data) {
            open += 1
            stop()
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .end = unwrapOutboundIn(data) else { return context.write(data, promise: promise) }
        let sent = promise ?? context.eventLoop.makePromise()
        sent.futureResult.assumeIsolated().whenSuccess { _ in
            self.open = max(0, self.open - 1)
            if self.open == 0 { self.start(context) }
        }
        context.write(data, promise: sent)
    }

    private func start(_ context: ChannelHandlerContext) {
        stop()
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: time) { context.close(promise: nil) }
    }

    private func stop() {
        timer?.cancel()
        timer = nil
    }
}
