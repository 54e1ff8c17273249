import HTTPTypes
import Hummingbird
import Persistence

/// A reason not to do what was asked, in the words of RFC 9457. Throw it from a route: `ProblemMiddleware` answers with it.
struct Problem: Error, Sendable {
    let kind: Kind
    /// A sentence for the person who asked. No paths, no addresses, no stack traces.
    var detail: String?
    var headers: HTTPFields
    /// Extension members such as the values that would have been valid. They cannot replace the standard ones.
    var extensions: JSONObject

    init(
        _ kind: Kind, _ detail: String? = nil, headers: HTTPFields = [:], extensions: JSONObject = [:]
    ) {
        self.kind = kind
        self.detail = detail
        self.headers = headers
        self.extensions = extensions
    }

    /// What programs tell problems apart by: a stable code, its status, and its title for people.
    struct Kind: Equatable, Sendable {
        let code: String
        let status: HTTPResponse.Status
        let title: String

        init(_ code: String, _ status: HTTPResponse.Status, _ title: String) {
            self.code = code
            self.status = status
            self.title = title
        }
    }
}

extension Problem.Kind {
    static let malformedRequest = Self("malformedRequest", .badRequest, "The request is malformed")
    static let notFound = Self("notFound", .notFound, "There is nothing at this address")
    static let methodNotAllowed = Self("methodNotAllowed", .methodNotAllowed, "The method is not allowed here")
    static let requestTimeout = Self("requestTimeout", .requestTimeout, "The request arrived too slowly")
    static let preconditionFailed = Self("preconditionFailed", .preconditionFailed, "A precondition does not hold")
    static let tooLarge = Self("tooLarge", .contentTooLarge, "The request is too large")
    static let rangeNotSatisfiable = Self(
        "rangeNotSatisfiable", .rangeNotSatisfiable, "The range is beyond the end of the file")
    static let expectationFailed = Self("expectationFailed", .expectationFailed, "The expectation cannot be met")
    static let `internal` = Self("internal", .internalServerError, "The server failed")

    /// The kind of an error that knows only its status: a code above where there is one, else the status in words.
    init(_ status: HTTPResponse.Status) {
        let known: [Self] = [
            .malformedRequest, .notFound, .methodNotAllowed, .requestTimeout, .preconditionFailed, .tooLarge,
            .rangeNotSatisfiable, .expectationFailed, .internal, .stopping,
        ]
        self = known.first { $0.status.code == status.code } ?? Self(Self.code(of: status), status, status.reasonPhrase)
    }

    private static func code(of status: HTTPResponse.Status) -> String {
        let words = status.reasonPhrase.split { !$0.isASCII || !$0.isLetter }.map { $0.lowercased() }
        guard let first = words.first else { return "status\(status.code)" }
        return first + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }
}

extension Problem {
    /// The answer: `application/problem+json` with sorted keys, never kept by a cache.
    func response(requestId: String, at now: Instant = .now) -> Response {
        let body = ByteBuffer(string: text(requestId: requestId, at: now))
        return Response(status: kind.status, headers: fields, body: ResponseBody(byteBuffer: body))
    }

    var fields: HTTPFields {
        var fields = headers
        fields[.contentType] = "application/problem+json"
        fields[.cacheControl] = "no-store"
        return fields
    }

    func text(requestId: String, at now: Instant = .now) -> String {
        var members: JSONObject = [
            "type": .string("urn:kiln:problem:" + kind.code),
            "title": .string(kind.title),
            "status": .integer(Int64(kind.status.code)),
            "detail": .string(detail ?? kind.title + "."),
            "code": .string(kind.code),
            "requestId": .string(requestId),
            "timestamp": .string(now.description),
        ]
        for extra in extensions.members where members[extra.name] == nil { members[extra.name] = extra.value }
        return JSONValue.object(members).text + "\n"
    }
}
