import HTTPTypes
import TestSupport
import Testing

@testable import App

@Suite(.enabled(if: Installed.sandbox, Installed.noSandbox), .timeLimit(.minutes(5)))
struct HistoryTests {
    /// The ids on all pages, from the first page on.
    private func ids(_ kiln: KilnServer, pageSize: Int, more: String = "") async throws -> [[String?]] {
        var pages: [[String?]] = []
        var token: String?
        repeat {
            let place = token.map { "&pageToken=\($0)" } ?? ""
            let page = try await kiln.get("/api/jobs?pageSize=\(pageSize)\(place)\(more)").json
            pages.append(page.items.elements.map(\.id.string))
            token = page.nextPageToken.string
        } while token != nil && pages.count < 20
        return pages
    }

    @Test func `the history comes in pages, newest first, none twice and none left out`() async throws {
        try await KilnServer.run(.copies) { kiln in
            var accepted: [String] = []
            for _ in 1...5 { accepted.insert(try await kiln.accepted(), at: 0) }
            let pages = try await ids(kiln, pageSize: 2)
            #expect(pages == [Array(accepted[0...1]), Array(accepted[2...3]), Array(accepted[4...4])])
            #expect(try await ids(kiln, pageSize: 5) == [accepted])
        }
    }

    @Test func `a new job does not shift the pages after it`() async throws {
        try await KilnServer.run(.copies) { kiln in
            let first = try await kiln.accepted()
            _ = try await kiln.accepted()
            let page = try await kiln.get("/api/jobs?pageSize=1").json
            _ = try await kiln.accepted()
            let next = try await kiln.get("/api/jobs?pageSize=1&pageToken=\(page.nextPageToken.string ?? "")").json
            #expect(next.items.elements.map(\.id.string) == [first])
            #expect(next.nextPageToken == .null)
        }
    }

    @Test func `the history can be had for one status`() async throws {
        try await KilnServer.run(.copies) { kiln in
            let good = try await kiln.accepted()
            _ = try await kiln.ended(good)
            _ = try await kiln.upload([], to: "obj")
            let bad = try await kiln.newest().id.string
            #expect(try await ids(kiln, pageSize: 10, more: "&status=succeeded") == [[good]])
            #expect(try await ids(kiln, pageSize: 10, more: "&status=failed") == [[bad]])
            #expect(try await ids(kiln, pageSize: 10, more: "&status=cancelled") == [[]])
        }
    }

    @Test func `a job in the history is brief: all but its attempts`() async throws {
        try await KilnServer.run(.copies) { kiln in
            let job = try await kiln.ended(kiln.accepted())
            let brief = try await kiln.newest()
            #expect(job.names.subtracting(brief.names) == ["attempts"])
            #expect(brief.result == job.result)
        }
    }

    @Test func `a query that makes no sense is 400`() async throws {
        try await KilnServer.run(.copies) { kiln in
            for query in [
                "pageSize=0", "pageSize=201", "pageSize=many", "pageSize=-1", "pageSize=", "status=done", "status=",
                "pageToken=nonsense", "pageToken=1.2", "pageToken=",
            ] {
                let answer = try await kiln.get("/api/jobs?\(query)")
                #expect(answer.status == .badRequest, "\(query)")
                #expect(try answer.json.code.string == "malformedRequest")
            }
        }
    }
}
