import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1
import Persistence
import Pipeline

/// The one place where an error becomes an answer. What nobody foresaw is logged in full and answered without details.
struct ProblemMiddleware: RouterMiddleware {
    typealias Context = HTTPContext

    func handle(
        _ request: Request, context: HTTPContext,
        next: (Request, HTTPContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            return problem(for: error, in: context).response(requestId: context.requestId)
        }
    }

    private func problem(for error: any Error, in context: HTTPContext) -> Problem {
        switch error {
        case let problem as Problem:
            return problem
        case let refusal as Refusal:
            return Problem(refusal)
        case is WriterClosed:
            return Problem(.stopping, "Send the request again when the server is back.", headers: [.retryAfter: "10"])
        case let error as DiskFailed:
            context.logger.critical(
                "the disk has failed: mend it and start the server again", metadata: ["error": .string(error.cause)])
            return Problem(.storageFailed, "Nothing is taken any more until an operator has looked after it.")
        case let error where Obstacle.isFull(error):
            return Problem(.diskFull, "Try again later, or with a smaller file.", headers: [.retryAfter: "60"])
        case let error as HTTPError:
            return Problem(Problem.Kind(error.status), error.body, headers: error.headers)
        case let error as any HTTPResponseError:
            return Problem(Problem.Kind(error.status))
        case is HTTPParserError:
            return Problem(.malformedRequest, "The body of the request is malformed, or broke off.")
        case is IOError, is ChannelError:
            return Problem(.malformedRequest, "The connection broke before the request was complete.")
        case is CancellationError:
            return Problem(Problem.Kind(.serviceUnavailable), "The server is stopping.")
        default:
            context.logger.error("request failed", metadata: ["error": .string(String(reflecting: error))])
            return Problem(.internal, "The server's log has more, under the id of this request.")
        }
    }
}
