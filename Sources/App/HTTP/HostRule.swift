import NIOCore
import NIOHTTP1

/// One `Host` in every request of HTTP/1.1, and never more than one (RFC 9112, section 3.2): anything else is answered
/// with 400 and ends the connection. It sits before the codec, which forgets the version.
final class HostRule: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart

    private var isBroken = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if isBroken { return }
        if case .head(let head) = unwrapInboundIn(data), !Self.isGood(head) {
            isBroken = true
            return context.fireErrorCaught(HTTPParserError.unknown)
        }
        context.fireChannelRead(data)
    }

    private static func isGood(_ head: HTTPRequestHead) -> Bool {
        let hosts = head.headers["Host"].count
        return hosts == 1 || hosts == 0 && head.version == .http1_0
    }

    /// Puts it behind the decoder of a connection of HTTP/1.
    static func add(to pipeline: ChannelPipeline.SynchronousOperations) throws {
        let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
        try pipeline.addHandler(HostRule(), position: .after(decoder))
    }
}
