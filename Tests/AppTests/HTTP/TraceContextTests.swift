import HTTPTypes
import Hummingbird
import Testing

@testable import App

struct TraceContextTests {
    private static let good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    @Test func `a trace is taken over with its id, its parent and its flags`() throws {
        let trace = try #require(TraceContext(parent: Self.good, spanId: "1122334455667788"))
        #expect(trace.traceId == "4bf92f3577b34da6a3ce929d0e0e4736" && trace.parentId == "00f067aa0ba902b7")
        #expect(trace.response == "00-4bf92f3577b34da6a3ce929d0e0e4736-1122334455667788-01")
    }

    @Test func `a later version may have more`() {
        #expect(TraceContext(parent: "01" + Self.good.dropFirst(2) + "-more") != nil)
    }

    @Test(arguments: [
        "", "00", "ff" + good.dropFirst(2), good + "-more", good + "x", good.uppercased(),
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0g",
        " " + good,
    ])
    func `anything else begins no trace`(text: String) {
        #expect(TraceContext(parent: text) == nil)
    }

    @Test func `two of them are worth nothing`() {
        var fields: HTTPFields = [.traceParent: Self.good]
        fields.append(HTTPField(name: .traceParent, value: Self.good))
        #expect(TraceContext(fields) == nil)
    }

    @Test func `an answer tells its place in the trace of the request, and none where there was none`() async throws {
        let log = RecordedLog()
        try await Edge(logger: log.logger, routes: { $0.get("hello") { _, _ in "hello" } }).live { client in
            let answer = try await client.get("/hello", headers: [.traceParent: Self.good])
            #expect(answer.headers[.traceResponse]?.hasPrefix("00-4bf92f3577b34da6a3ce929d0e0e4736-") == true)
            #expect(try await client.get("/hello", headers: [.traceParent: "nonsense"]).headers[.traceResponse] == nil)
        }
    }
}
