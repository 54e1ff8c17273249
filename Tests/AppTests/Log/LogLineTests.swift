import HTTPTypes
import Logging
import Persistence
import Testing

@testable import App

/// What one line of the log looks like, and what never stands in it.
struct LogLineTests {
    private let at = Instant(rawValue: 1_764_000_000_123)

    private func json(_ message: String, _ metadata: Logger.Metadata = [:]) -> String {
        String(decoding: LogLine(at: at, .warning, message, metadata).json, as: UTF8.self)
    }

    private func text(_ message: String, _ metadata: Logger.Metadata = [:], isColoured: Bool = false) -> String {
        String(decoding: LogLine(at: at, .info, message, metadata).text(isColoured: isColoured), as: UTF8.self)
    }

    @Test func `in JSON a line is one flat object, with numbers as numbers`() {
        let metadata: Logger.Metadata = [
            "status": .stringConvertible(200), "duration": .stringConvertible(1.5), "isLate": .stringConvertible(true),
            "path": "/a b", "list": ["x", "y"], "job": "7", "message": "other",
        ]
        #expect(
            json("request \"1\"\nnext", metadata) == """
                {"timestamp":"2025-11-24T16:00:00.123Z","level":"warning","message":"request \\"1\\"\\nnext",\
                "service":"kiln","duration":1.5,"isLate":true,"job":"7","list":["x","y"],"message_":"other",\
                "path":"/a b","status":200}

                """)
    }

    @Test func `for people it is time, level, message and the rest, in one line`() {
        #expect(
            text("two\nlines \u{1B}[31m", ["path": "/a b", "job": "7", "empty": ""])
                == "2025-11-24T16:00:00.123Z INFO     two\\u{a}lines \\u{1b}[31m empty=\"\" job=7 path=\"/a b\"\n")
    }

    @Test func `colours are there only where they are wanted`() {
        #expect(text("hello", isColoured: true).contains("\u{1B}[32mINFO\u{1B}[0m"))
        #expect(!text("hello").contains("\u{1B}"))
    }

    @Test(arguments: [
        "GET /?token=hunter2secret&page=2", "Authorization: Bearer hunter2secret", "authorization: hunter2secret",
        "Cookie: a=1; b=hunter2secret", "curl -H \"X-Api-Key: hunter2secret\"", "bearer hunter2secret",
        "https://h/x?api_key=hunter2secret", "URL(password=hunter2secret)",
    ])
    func `what looks like a credential does not reach the log`(said: String) {
        for line in [json(said), json("m", ["error": .string(said)]), text(said), text("m", ["error": .string(said)])] {
            #expect(!line.contains("hunter2secret") && line.contains("[redacted]"), "\(line)")
        }
    }

    @Test(arguments: [
        "listens on http://127.0.0.1:3001, key figures: a=1", "basic shapes", "keyword=5", "path=/x?size=2",
    ])
    func `what only resembles one stays`(said: String) {
        #expect(Redaction.clean(said) == said)
    }

    @Test(arguments: ["authorization", "Cookie", "token", "API_KEY"])
    func `metadata under a secret's name is hidden, whatever it is`(name: String) {
        let line = json("m", [name: "hunter2secret", "inner": [name: "hunter2secret"]])
        #expect(!line.contains("hunter2secret"))
    }

    @Test func `a secret shows itself nowhere`() {
        let secret = Secret("hunter2secret")
        var settings = Settings()
        settings.adminToken = secret
        var dumped = ""
        dump(settings, to: &dumped)
        let shown = ["\(secret)", String(reflecting: secret), String(describing: settings), dumped]
        #expect(shown.allSatisfy { !$0.contains("hunter2secret") })
        #expect(!json("m", ["who": .stringConvertible(secret)]).contains("hunter2secret"))
        #expect(
            !json("m", ["field": .stringConvertible(HTTPField(name: .authorization, value: "hunter2secret"))]).contains(
                "hunter2"))
    }

    @Test func `a value of any length is cut`() {
        #expect(json(String(repeating: "x", count: 1 << 20)).utf8.count < 10_000)
    }
}
