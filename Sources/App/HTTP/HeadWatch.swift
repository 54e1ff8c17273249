import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// What the head of a request may cost: its bytes, its fields, and the time from its first byte until it is complete;
/// when that is over, the answer is 408. A connection on which no request begins is ended after another time, without a
/// word.
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
    private let idle: TimeAmount
    private var timer: Scheduled<Void>?
    /// Requests that have begun and are not answered yet.
    private var open = 0
    /// Bytes have come since, of what is not yet a head.
    private var hasBegun = false
    /// The last word is said; what still comes is thrown away.
    private var isOver = false

    /// - Parameters:
    ///   - time: of a head, from its first byte.
    ///   - idle: of a connection, before it and the next one.
    init(time: TimeAmount, idle: TimeAmount) {
        self.time = time
        self.idle = idle
    }

    func handlerAdded(context: ChannelHandlerContext) {
        do {
            try HostRule.add(to: context.pipeline.syncOperations)
            try context.pipeline.syncOperations.addHandler(FirstByte { self.bytesCame(context) }, position: .first)
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
        if isOver { return }
        if case .head = unwrapInboundIn(data) {
            open += 1
            hasBegun = false
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
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: idle) { context.close(promise: nil) }
    }

    /// The decoder sees them next, and may find that the head is complete.
    private func bytesCame(_ context: ChannelHandlerContext) {
        guard open == 0, !hasBegun else { return }
        hasBegun = true
        stop()
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: time) { self.refuse(context) }
    }

    /// No application above knows of this request: the answer goes straight out.
    private func refuse(_ context: ChannelHandlerContext) {
        isOver = true
        let problem = Problem(.requestTimeout, "The head of the request arrived too slowly.")
        let requestId = HTTPContext.newRequestId()
        let text = ByteBuffer(string: problem.text(requestId: requestId))
        var head = HTTPResponse(status: problem.kind.status, headerFields: problem.fields)
        head.headerFields[.contentLength] = String(text.readableBytes)
        head.headerFields[.connection] = "close"
        head.headerFields[.requestId] = requestId
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(text)), promise: nil)
        let sent = context.eventLoop.makePromise(of: Void.self)
        sent.futureResult.assumeIsolated().whenComplete { _ in self.end(context) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: sent)
    }

    /// The client has a moment to read, as in the ``Conversation``.
    private func end(_ context: ChannelHandlerContext) {
        context.close(mode: .output, promise: nil)
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: .seconds(2)) { context.close(promise: nil) }
    }

    private func stop() {
        timer?.cancel()
        timer = nil
    }
}

/// Tells of bytes before the decoder has them.
private final class FirstByte: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    private let bytesCame: () -> Void

    init(_ bytesCame: @escaping () -> Void) {
        self.bytesCame = bytesCame
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        bytesCame()
        context.fireChannelRead(data)
    }
}
