import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Persistence
import Synchronization

/// One line per request, at the level of its status. The line of a long answer is written when it has been sent, or
/// broke off. The query stays out of it, since it may carry a client's file name or key, and so do all fields of the
/// request.
struct AccessLog: RouterMiddleware {
    typealias Context = HTTPContext

    private static let longestPath = 256
    /// Answers above it, and those of unknown length, are measured as they are sent.
    private static let short = 64 << 10

    func handle(
        _ request: Request, context: HTTPContext,
        next: (Request, HTTPContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        var response = try await next(request, context)
        guard Self.isWritten(response.status, context.logger) else { return response }
        let line = Line(request, response.status, context, since: start)
        if let length = response.body.contentLength, length <= Self.short {
            line.write(bytes: length)
        } else {
            response.body = measured(response.body, line)
        }
        return response
    }

    private func measured(_ body: ResponseBody, _ line: Line) -> ResponseBody {
        ResponseBody(contentLength: body.contentLength) { writer in
            let sent = Sent()
            do {
                try await body.write(MeasuringWriter(inner: writer, sent: sent))
                line.write(bytes: sent.bytes)
            } catch {
                line.write(bytes: sent.bytes, brokeOff: true)
                throw error
            }
        }
    }

    /// Where only failures are logged, the rest need not be put together.
    private static func isWritten(_ status: HTTPResponse.Status, _ logger: Logger) -> Bool {
        status.code >= 400 || logger.logLevel <= .info
    }

    /// What fails is loud, and what probes ask every few seconds is quiet, unless it fails: that they see themselves.
    static func level(of status: HTTPResponse.Status, at kind: RequestKind) -> Logger.Level {
        switch status.code {
        case 500...: kind.isProbe ? .warning : .error
        case 400...: kind.isProbe ? .debug : .warning
        default: kind.isProbe ? .debug : .info
        }
    }

    /// All of the line but what is known at its end. Milliseconds run from the head of the request.
    private struct Line: Sendable {
        let logger: Logger
        let level: Logger.Level
        let metadata: Logger.Metadata
        let start: ContinuousClock.Instant
        let trace = TraceContext.current

        init(
            _ request: Request, _ status: HTTPResponse.Status, _ context: HTTPContext,
            since start: ContinuousClock.Instant
        ) {
            logger = context.logger
            level = AccessLog.level(of: status, at: RequestKind(request))
            metadata = [
                "method": .string(request.method.rawValue),
                "path": .string(String(request.uri.path.prefix(AccessLog.longestPath))),
                "status": .stringConvertible(status.code),
                "client": .string(context.client?.description ?? "socket"),
            ]
            self.start = start
        }

        func write(bytes: Int, brokeOff: Bool = false) {
            var metadata = metadata
            let duration = ContinuousClock.now - start
            metadata["duration"] = .stringConvertible(duration.roundedMilliseconds)
            metadata["bytes"] = .stringConvertible(bytes)
            if brokeOff { metadata["brokeOff"] = .stringConvertible(true) }
            // The body is sent when the request's own middleware is long done.
            TraceContext.$current.withValue(trace) {
                logger.log(level: level, "request", metadata: metadata)
            }
        }
    }
}

/// How much of a body is with the connection.
private final class Sent: Sendable {
    private let count = Atomic(0)

    var bytes: Int { count.load(ordering: .relaxed) }

    func add(_ bytes: Int) {
        count.wrappingAdd(bytes, ordering: .relaxed)
    }
}

private struct MeasuringWriter: ResponseBodyWriter {
    var inner: any ResponseBodyWriter
    let sent: Sent

    mutating func write(_ buffer: ByteBuffer) async throws {
        try await inner.write(buffer)
        sent.add(buffer.readableBytes)
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {
        try await inner.finish(trailingHeaders)
    }
}
