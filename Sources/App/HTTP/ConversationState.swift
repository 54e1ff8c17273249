import HTTPTypes
import NIOHTTPTypes

/// Who has said what on one HTTP/1.1 connection: the requests not yet answered, oldest first, and whether the
/// connection ends after the current answer. Pure: `Conversation` does what it decides.
struct ConversationState {
    private struct Exchange {
        /// The client waits for `100 Continue`, as far as is known.
        var waits: Bool
        /// The client said `Connection: close`.
        let closes: Bool
        let isHead: Bool
        var isComplete = false
    }

    private var exchanges: [Exchange] = []
    private var endsAfterAnswer = false

    /// The client owes the rest of a body, and has been told, or need not be told, to send it.
    var owesBody: Bool {
        exchanges.last.map { !$0.isComplete && !$0.waits } ?? false
    }

    /// No request is open: a response now is the library's answer to something that was no request at all.
    var isIdle: Bool { exchanges.isEmpty }

    /// The answer under way has no body, whatever the route made: it is one to `HEAD`.
    var answerIsBodiless: Bool { exchanges.first?.isHead == true }

    mutating func received(_ part: HTTPRequestPart) {
        switch part {
        case .head(let head):
            exchanges.append(
                Exchange(
                    waits: head.headerFields.contains(.expect), closes: Self.closes(head.headerFields),
                    isHead: head.method == .head))
        case .body:
            guard !exchanges.isEmpty else { return }
            exchanges[exchanges.count - 1].waits = false
        case .end:
            guard !exchanges.isEmpty else { return }
            exchanges[exchanges.count - 1].isComplete = true
        }
    }

    /// The route wants the body. True when the client must be told so: once, and not when it has begun to send anyway.
    mutating func bodyIsWanted() -> Bool {
        guard let exchange = exchanges.first, exchange.waits, !exchange.isComplete else { return false }
        exchanges[0].waits = false
        return true
    }

    /// The head as it goes out: with `Connection: close` when the request is not complete yet or asked for it.
    mutating func answer(_ head: HTTPResponse) -> HTTPResponse {
        guard head.status.kind != .informational else { return head }
        var head = head
        let isEarly = exchanges.first.map { !$0.isComplete } ?? true
        if isEarly || exchanges.first?.closes == true {
            head.headerFields[.connection] = "close"
        }
        endsAfterAnswer = Self.closes(head.headerFields)
        return head
    }

    /// The answer's last part is written. True when it was the last answer on this connection.
    mutating func answered() -> Bool {
        if !exchanges.isEmpty { exchanges.removeFirst() }
        return endsAfterAnswer
    }

    private static func closes(_ fields: HTTPFields) -> Bool {
        fields[values: .connection].contains { value in
            value.split(separator: ",").contains { $0.filter { !$0.isWhitespace }.lowercased() == "close" }
        }
    }
}
