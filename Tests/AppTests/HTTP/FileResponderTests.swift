import HTTPTypes
import Hummingbird
import NIOCore
import Testing

@testable import App

struct FileResponderTests {
    private let size: Int64 = 600_000

    private func answer(
        _ method: HTTPRequest.Method = .get, _ headers: HTTPFields = [:], size: Int64 = 600_000
    ) async throws -> Answer {
        try await Edge(routes: { router in
            router.get("file") { request, context in
                FileResponder().respond(to: request, with: file(size: size), context: context)
            }
        }).live { try await $0.execute(method, "/file", headers: headers) }
    }

    @Test func `a whole file comes with all that protects its reader`() async throws {
        let answer = try await answer()
        #expect(answer.status == .ok)
        #expect(answer.headers[.eTag] == "\"abc\"")
        #expect(answer.headers[.contentLength] == "600000")
        #expect(answer.headers[.acceptRanges] == "bytes")
        #expect(answer.headers[.contentType] == "model/stl")
        #expect(
            answer.headers[.contentDisposition] == "attachment; filename=\"K_se.stl\"; filename*=UTF-8''K%C3%A4se.stl")
        #expect(answer.headers[.xContentTypeOptions] == "nosniff")
        #expect(answer.headers[.contentSecurityPolicy] == "sandbox")
        #expect(answer.headers[.cacheControl] == "private, no-cache")
        #expect(answer.headers[.lastModified] == "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(answer.body.elementsEqual((0..<size).map(byte)))
    }

    @Test func `HEAD says the same and sends nothing, not even a part`() async throws {
        let answer = try await answer(.head, [.range: "bytes=0-9"])
        #expect(answer.status == .ok)
        #expect(answer.headers[.contentLength] == "600000")
        #expect(answer.body.count == 0)
    }

    @Test(arguments: [
        ("bytes=0-9", Int64(0)...9), ("bytes=262143-262144", 262_143...262_144), ("bytes=-5", 599_995...599_999),
        ("bytes=100000-", 100_000...599_999),
    ])
    func `a part is exactly that part`(range: String, offsets: ClosedRange<Int64>) async throws {
        let answer = try await answer(.get, [.range: range, .ifRange: "\"abc\""])
        #expect(answer.status == .partialContent)
        #expect(answer.headers[.contentRange] == "bytes \(offsets.lowerBound)-\(offsets.upperBound)/600000")
        #expect(answer.headers[.contentLength] == "\(offsets.count)")
        #expect(answer.body.elementsEqual(offsets.map(byte)))
    }

    @Test func `a part of another version is the whole of this one`() async throws {
        let answer = try await answer(.get, [.range: "bytes=0-9", .ifRange: "\"old\""])
        #expect(answer.status == .ok)
        #expect(answer.body.count == 600_000)
    }

    @Test func `beyond the end is 416 with the size`() async throws {
        let answer = try await answer(.get, [.range: "bytes=600000-"])
        #expect(answer.status == .rangeNotSatisfiable)
        #expect(answer.headers[.contentRange] == "bytes */600000")
    }

    @Test func `what the client has already is 304 without a body`() async throws {
        let answer = try await answer(.get, [.ifNoneMatch: "W/\"abc\"", .range: "bytes=0-9"])
        #expect(answer.status == .notModified)
        #expect(answer.headers[.eTag] == "\"abc\"")
        #expect(answer.body.count == 0)
    }

    @Test func `a condition that fails is 412`() async throws {
        #expect(try await answer(.get, [.ifMatch: "\"other\""]).status == .preconditionFailed)
    }

    @Test func `an empty file is an empty answer`() async throws {
        let answer = try await answer(size: 0)
        #expect(answer.status == .ok)
        #expect(answer.headers[.contentLength] == "0")
    }
}
