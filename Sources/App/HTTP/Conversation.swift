import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// The manners of one HTTP/1.1 connection, between the codec and the application: `100 Continue` when a route wants
/// the body, an early answer that surely arrives although the client is still sending, and an end to bodies that trickle.
///
/// An answer given before the request is complete says `Connection: close`. When it is sent, the output is shut down and
/// what still arrives is read and thrown away (RFC 9112 section 9.6: closing at once would reset the connection, and a
/// reset can destroy the answer before the client has read it), up to `Limits.lingeringBytes`. Then nothing more is
/// read, and the connection ends when the client closes it, or after `Limits.lingeringTime`.
final class Conversation: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// Sent down the pipeline when a route first asks for the body of its request.
    struct BodyIsWanted: Sendable {}

    struct Limits: Sendable {
        var lingeringBytes = 1 << 20
        var lingeringTime = TimeAmount.seconds(2)
        var pace = BodyPace.Minimum()
    }

    private let limits: Limits
    private var state = ConversationState()
    private var pace: BodyPace?
    private var paceTimer: Scheduled<Void>?
    /// Bytes thrown away since the last answer; nil while the connection goes on.
    private var discarded: Int?
    private var lingeringTimer: Scheduled<Void>?
    /// Answers that are written but not yet with the kernel.
    private var unsent = 0
    private var closesOutputWhenSent = false

    init(limits: Limits = Limits()) {
        self.limits = limits
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        stopTimers()
    }

    func channelInactive(context: ChannelHandlerContext) {
        stopTimers()
        context.fireChannelInactive()
    }

    private func stopTimers() {
        lingeringTimer?.cancel()
        paceTimer?.cancel()
        (lingeringTimer, paceTimer, pace) = (nil, nil, nil)
    }
}

// MARK: - What the client says

extension Conversation {
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        let bytes = if case .body(let buffer) = part { buffer.readableBytes } else { 0 }
        if let discarded {
            self.discarded = discarded + bytes
            return
        }
        state.received(part)
        pace?.received(bytes)
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        pace?.stoppedWaiting(at: .now())
        context.fireChannelReadComplete()
        if discarded != nil {
            read(context: context)
        } else {
            keepPace(context)
        }
    }

    func read(context: ChannelHandlerContext) {
        if let discarded, discarded >= limits.lingeringBytes { return }
        pace?.beganToWait(at: .now())
        context.read()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let discarded else { return context.fireErrorCaught(error) }
        if case ByteToMessageDecoderError.dataReceivedInErrorState(_, let bytes) = error {
            self.discarded = discarded + bytes.readableBytes
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        context.fireUserInboundEventTriggered(event)
        if case ChannelEvent.inputClosed = event, discarded != nil, unsent == 0 {
            context.close(promise: nil)
        }
    }

    /// Watches a body that did not come in one piece with its head.
    private func keepPace(_ context: ChannelHandlerContext) {
        guard state.owesBody else {
            paceTimer?.cancel()
            (paceTimer, pace) = (nil, nil)
            return
        }
        guard pace == nil else { return }
        pace = BodyPace(minimum: limits.pace)
        watchPace(context)
    }

    private func watchPace(_ context: ChannelHandlerContext) {
        let interval = TimeAmount.nanoseconds(limits.pace.period.nanoseconds / 4)
        paceTimer = context.eventLoop.assumeIsolated().scheduleTask(in: interval) {
            guard self.pace?.isTooSlow(at: .now()) == true else { return self.watchPace(context) }
            context.fireErrorCaught(Problem(.requestTimeout, "The body of the request arrived too slowly."))
        }
    }
}

// MARK: - What the application says

extension Conversation {
    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard discarded == nil else {
            promise?.fail(ChannelError.outputClosed)
            return
        }
        switch unwrapOutboundIn(data) {
        case .head where state.isIdle:
            refuse(context)
            promise?.succeed()
        case .head(let head):
            context.write(wrapOutboundOut(.head(state.answer(head))), promise: promise)
        case .body where state.answerIsBodiless:
            promise?.succeed()
        case .body:
            context.write(data, promise: promise)
        case .end:
            let sent = promise ?? context.eventLoop.makePromise()
            unsent += 1
            sent.futureResult.assumeIsolated().whenComplete { _ in self.answerIsSent(context) }
            if state.answered() { linger(context) }
            context.writeAndFlush(data, promise: sent)
        }
    }

    /// The library answers what was no request at all with a bare 400: say it as a problem instead.
    private func refuse(_ context: ChannelHandlerContext) {
        let problem = Problem(.malformedRequest, "This is no request of HTTP/1.1, or its head is too large.")
        let requestId = HTTPContext.newRequestId()
        let text = ByteBuffer(string: problem.text(requestId: requestId))
        var head = HTTPResponse(status: problem.kind.status, headerFields: problem.fields)
        head.headerFields[.contentLength] = String(text.readableBytes)
        head.headerFields[.requestId] = requestId
        context.write(wrapOutboundOut(.head(state.answer(head))), promise: nil)
        context.write(wrapOutboundOut(.body(text)), promise: nil)
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard event is BodyIsWanted else {
            return context.triggerUserOutboundEvent(event, promise: promise)
        }
        if state.bodyIsWanted() {
            context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
            keepPace(context)
            pace?.beganToWait(at: .now())
        }
        promise?.succeed()
    }

    /// Nobody above may cut off an answer that is not sent yet, nor the time the client has to read it.
    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        switch mode {
        case .output where unsent > 0:
            closesOutputWhenSent = true
            promise?.succeed()
        case .all where unsent > 0 || lingeringTimer != nil:
            linger(context)
            if lingeringTimer == nil { endSoon(context) }
            context.channel.closeFuture.cascade(to: promise)
        default:
            context.close(mode: mode, promise: promise)
        }
    }

    private func linger(_ context: ChannelHandlerContext) {
        guard discarded == nil else { return }
        discarded = 0
        stopTimers()
        context.read()
    }

    private func answerIsSent(_ context: ChannelHandlerContext) {
        unsent -= 1
        guard unsent == 0 else { return }
        if discarded != nil {
            endSoon(context)
            context.close(mode: .output, promise: nil)
        } else if closesOutputWhenSent {
            context.close(mode: .output, promise: nil)
        }
    }

    private func endSoon(_ context: ChannelHandlerContext) {
        lingeringTimer?.cancel()
        lingeringTimer = context.eventLoop.assumeIsolated().scheduleTask(in: limits.lingeringTime) {
            context.close(promise: nil)
        }
    }
}
