import Hummingbird

@testable import App

/// Answers what a route would refuse from the head alone.
let refuse: @Sendable (Request, HTTPContext) async throws -> Response = { _, _ in
    throw Problem(.tooLarge, "At most 1 byte.")
}

/// Reads the whole body, as a stream, and answers with its length.
let measure: @Sendable (Request, HTTPContext) async throws -> String = { request, _ in
    var length = 0
    for try await buffer in request.body { length += buffer.readableBytes }
    return "\(length) bytes"
}

func head(_ method: String, _ path: String, _ fields: String...) -> String {
    (["\(method) \(path) HTTP/1.1", "Host: test"] + fields).joined(separator: "\r\n") + "\r\n\r\n"
}
