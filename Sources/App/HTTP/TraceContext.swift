import HTTPTypes
import Logging

/// The place of a request in a trace that somebody else began (W3C Trace Context, section 3.2), and ours below it.
struct TraceContext: Equatable, Sendable {
    /// That of the request being answered, for all that is logged meanwhile.
    @TaskLocal static var current: TraceContext?

    /// 32 and 16 digits of lower-case hexadecimal.
    let traceId: String
    let parentId: String
    /// Made for this request.
    let spanId: String
    /// Two digits; the last bit says that the caller records the trace.
    let flags: String

    /// What a `traceparent` says; nil when it is none, and the trace then begins nowhere.
    init?(parent text: String, spanId: String = TraceContext.newSpanId()) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 4, Self.isHex(parts[0], 2), parts[0] != "ff", parts.count == 4 || parts[0] != "00",
            Self.isHex(parts[1], 32), parts[1].contains(where: { $0 != "0" }),
            Self.isHex(parts[2], 16), parts[2].contains(where: { $0 != "0" }), Self.isHex(parts[3], 2)
        else { return nil }
        traceId = String(parts[1])
        parentId = String(parts[2])
        flags = String(parts[3])
        self.spanId = spanId
    }

    /// Of a request; a second `traceparent` makes both worthless.
    init?(_ fields: HTTPFields) {
        let parents = fields[values: .traceParent]
        guard parents.count == 1 else { return nil }
        self.init(parent: parents[0])
    }

    /// Tells the caller our place in his trace (Trace Context level 2, `traceresponse`).
    var response: String { "00-\(traceId)-\(spanId)-\(flags)" }

    static func newSpanId() -> String {
        let digits = String(UInt64.random(in: 1...UInt64.max), radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    private static func isHex(_ text: Substring, _ count: Int) -> Bool {
        text.utf8.count == count
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): true
                default: false
                }
            }
    }
}

extension Logger.MetadataProvider {
    /// The trace of the request that is being answered.
    static let trace = Logger.MetadataProvider {
        guard let trace = TraceContext.current else { return [:] }
        return ["traceId": .string(trace.traceId), "spanId": .string(trace.spanId)]
    }
}

extension HTTPField.Name {
    // The literals are valid tokens, so the initializers cannot fail.
    // swift-format-ignore: NeverForceUnwrap
    static let traceParent = HTTPField.Name("traceparent")!
    // swift-format-ignore: NeverForceUnwrap
    static let traceResponse = HTTPField.Name("traceresponse")!
}
