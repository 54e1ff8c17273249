import HTTPTypes

/// Whatever answers on a port of this machine.
protocol Served: Sendable {
    var port: Int { get }
}

extension Served {
    func get(_ path: String, headers: HTTPFields = [:]) async throws -> Answer {
        try await execute(.get, path, headers: headers)
    }

    /// One request on a connection of its own.
    func execute(
        _ method: HTTPRequest.Method, _ path: String, headers: HTTPFields = [:], body: [UInt8]? = nil
    ) async throws -> Answer {
        let port = port
        return try await blocking {
            let client = try RawClient(port: port)
            var fields = headers.map { "\($0.name.rawName): \($0.value)" } + ["Connection: close"]
            if let body { fields.append("Content-Length: \(body.count)") }
            let lines = ["\(method.rawValue) \(path) HTTP/1.1", "Host: 127.0.0.1:\(port)"] + fields
            try client.send(lines.joined(separator: "\r\n") + "\r\n\r\n")
            // A server that refuses in the middle takes only a part.
            if let body, !body.isEmpty { _ = client.send(body, upTo: body.count) }
            return try Answer(from: client)
        }
    }
}
