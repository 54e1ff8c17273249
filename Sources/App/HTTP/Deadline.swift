import HTTPTypes
import Hummingbird
import NIOCore
import Persistence
import Synchronization

/// An end to ordinary requests: when one is not answered in time, its task is cancelled, and the answer is 408 if the
/// client still owes the body, else 503. Uploads, downloads and those that wait on purpose have measures of their own.
struct Deadline: RouterMiddleware {
    typealias Context = HTTPContext

    let time: Duration

    func handle(
        _ request: Request, context: HTTPContext,
        next: (Request, HTTPContext) async throws -> Response
    ) async throws -> Response {
        let kind = RequestKind(request)
        // The command line, on the socket, waits as long as it likes.
        let isExempt = kind.takesItsTime || kind.isProbe || kind.isStatic || context.client == nil
        guard !isExempt else { return try await next(request, context) }
        let progress = Progress(hasBody: Self.hasBody(request))
        var watched = request
        if !progress.isComplete {
            watched.body = RequestBody(asyncSequence: WatchedBody(body: request.body, progress: progress))
        }
        return try await withoutActuallyEscaping(next) { next in
            try await race(watched, context, progress, next)
        }
    }

    private func race(
        _ request: Request, _ context: HTTPContext, _ progress: Progress,
        _ next: @escaping (Request, HTTPContext) async throws -> Response
    ) async throws -> Response {
        let answer = Handler(respond: next)
        return try await withThrowingTaskGroup(of: Response?.self) { group in
            group.addTask { try await answer.respond(request, context) }
            group.addTask {
                try await sleep(on: context.channel.eventLoop)
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let response = first else { throw late(progress) }
            return response
        }
    }

    /// On the thread that is there already: a timer elsewhere would cost two changes of threads for every request.
    private func sleep(on loop: any EventLoop) async throws {
        let timer = loop.scheduleTask(in: .nanoseconds(time.nanoseconds)) {}
        try await withTaskCancellationHandler {
            try await timer.futureResult.get()
        } onCancel: {
            timer.cancel()
        }
    }

    private func late(_ progress: Progress) -> Problem {
        guard progress.isComplete else {
            return Problem(.requestTimeout, "The body of the request arrived too slowly.")
        }
        return Problem(
            .overloaded, "The answer was not ready in \(time.components.seconds) s. Try again later.",
            headers: [.retryAfter: "10"])
    }

    private static func hasBody(_ request: Request) -> Bool {
        request.headers[.transferEncoding] != nil || (request.headers[.contentLength].flatMap { Int($0) } ?? 0) > 0
    }

    /// The rest of the way to the route, which Hummingbird does not declare `@Sendable`. Unchecked: it is called once, by a
    /// child of the task that was given it and that waits for the child's end, so that no two threads are ever in it.
    private struct Handler: @unchecked Sendable {
        let respond: (Request, HTTPContext) async throws -> Response
    }
}

/// Whether all of a request has come.
private final class Progress: Sendable {
    private let complete: Atomic<Bool>

    init(hasBody: Bool) {
        complete = Atomic(!hasBody)
    }

    var isComplete: Bool { complete.load(ordering: .relaxed) }

    func end() {
        complete.store(true, ordering: .relaxed)
    }
}

/// A body that tells when it has come to its end.
private struct WatchedBody: AsyncSequence, Sendable {
    let body: RequestBody
    let progress: Progress

    struct AsyncIterator: AsyncIteratorProtocol {
        var body: RequestBody.AsyncIterator
        let progress: Progress

        mutating func next() async throws -> ByteBuffer? {
            let buffer = try await body.next()
            if buffer == nil { progress.end() }
            return buffer
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(body: body.makeAsyncIterator(), progress: progress)
    }
}

extension Problem.Kind {
    static let overloaded = Self("overloaded", .serviceUnavailable, "The server did not answer in time")
}
