import TestSupport
import Testing

@testable import App

@Suite(.timeLimit(.minutes(5)))
struct ConnectionTests {
    @Test func `connections beyond the most that are served wait for one to end`() async throws {
        try await KilnServer.run(.copies) {
            $0.maxConnections = 2
        } test: { kiln in
            let port = kiln.live.port
            try await blocking {
                var clients: [RawClient] = []
                for _ in 1...2 {
                    let client = try RawClient(port: port)
                    try client.send(head("GET", "/live"))
                    #expect(client.receive { $0.hasSuffix("}\n") }.hasPrefix("HTTP/1.1 200 "))
                    clients.append(client)
                }
                let late = try RawClient(port: port)
                try late.send(head("GET", "/live"))
                #expect(late.isQuiet(for: .milliseconds(500)))
                clients.removeAll()
                #expect(late.receive { $0.hasSuffix("}\n") }.hasPrefix("HTTP/1.1 200 "))
            }
        }
    }
}
