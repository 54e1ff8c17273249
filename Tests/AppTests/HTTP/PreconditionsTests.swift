import HTTPTypes
import Testing

@testable import App

struct PreconditionsTests {
    private static let date = "Sun, 06 Nov 1994 08:49:37 GMT"
    private static let earlier = "Sun, 06 Nov 1994 08:49:36 GMT"
    private static let later = "Sun, 06 Nov 1994 08:49:38 GMT"

    private func preconditions(_ fields: HTTPFields) -> Preconditions {
        Preconditions(fields: fields, tag: "\"abc\"", modified: HTTPDate(seconds: 784_111_777))
    }

    @Test(arguments: [
        ("\"abc\"", Preconditions.Outcome.notModified), ("W/\"abc\"", .notModified), ("*", .notModified),
        (" * ", .notModified),
        ("\"x\", W/\"abc\"", .notModified), ("\"a,b\",\"abc\"", .notModified), ("\"x\"", .proceed), ("abc", .proceed),
        ("\"abc", .proceed), ("", .proceed), ("\"x\", nonsense, \"abc\"", .proceed),
    ])
    func `If-None-Match compares weakly`(field: String, expected: Preconditions.Outcome) {
        #expect(preconditions([.ifNoneMatch: field]).outcome == expected)
    }

    @Test(arguments: [
        ("\"abc\"", Preconditions.Outcome.proceed), ("*", .proceed), ("\"x\", \"abc\"", .proceed),
        ("W/\"abc\"", .failed), ("\"x\"", .failed), ("", .failed),
    ])
    func `If-Match compares strongly`(field: String, expected: Preconditions.Outcome) {
        #expect(preconditions([.ifMatch: field]).outcome == expected)
    }

    @Test func `a list may be spread over several fields`() {
        var fields = HTTPFields()
        fields.append(HTTPField(name: .ifNoneMatch, value: "\"x\""))
        fields.append(HTTPField(name: .ifNoneMatch, value: "\"abc\""))
        #expect(preconditions(fields).outcome == .notModified)
    }

    @Test func `dates count to the second, and only where they are readable`() {
        #expect(preconditions([.ifModifiedSince: Self.date]).outcome == .notModified)
        #expect(preconditions([.ifModifiedSince: Self.later]).outcome == .notModified)
        #expect(preconditions([.ifModifiedSince: Self.earlier]).outcome == .proceed)
        #expect(preconditions([.ifModifiedSince: "yesterday"]).outcome == .proceed)
        #expect(preconditions([.ifUnmodifiedSince: Self.earlier]).outcome == .failed)
        #expect(preconditions([.ifUnmodifiedSince: Self.date]).outcome == .proceed)
    }

    @Test func `tags beat dates`() {
        #expect(preconditions([.ifNoneMatch: "\"x\"", .ifModifiedSince: Self.later]).outcome == .proceed)
        #expect(preconditions([.ifMatch: "\"abc\"", .ifUnmodifiedSince: Self.earlier]).outcome == .proceed)
    }

    @Test func `a failed If-Match comes before If-None-Match`() {
        #expect(preconditions([.ifMatch: "\"x\"", .ifNoneMatch: "\"abc\""]).outcome == .failed)
    }

    @Test(arguments: [
        ("\"abc\"", true), ("W/\"abc\"", false), ("\"x\"", false), (date, true), (earlier, false), (later, false),
        ("?", false),
    ])
    func `If-Range honours the range for exactly this file`(field: String, expected: Bool) {
        #expect(preconditions([.ifRange: field]).honoursRange == expected)
    }

    @Test func `without If-Range every range counts`() {
        #expect(preconditions([:]).honoursRange)
    }
}
