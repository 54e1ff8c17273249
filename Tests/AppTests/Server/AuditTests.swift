import HTTPTypes
import Persistence
import Pipeline
import SystemPackage
import TestSupport
import Testing

@testable import App

/// What auditors are told by the server.
@Suite(.enabled(if: Installed.sandbox, Installed.noSandbox), .timeLimit(.minutes(5)))
struct AuditTests {
    private static let token = "open-sesame-0123456789"
    private static let headers: HTTPFields = [.authorization: "Bearer \(token)"]

    @Test func `the provenance of a result tells files, tools, cost, sandbox and versions`() async throws {
        try await KilnServer.run(.copies) { kiln in
            let job = try await kiln.ended(kiln.accepted())
            let answer = try await kiln.get(try #require(job.links.provenance.string))
            #expect(answer.status == .ok)
            let document = try answer.json
            #expect(document.form.int == 1 && document.job.id == job.id && document.cachedFrom == .null)
            #expect(document.source.sha256 == job.source.sha256 && document.result.sha256 == job.result.sha256)
            #expect(document.result.verifiedBy.string != nil)
            let attempt = document.attempts[0]
            #expect(attempt.tool.string == "fake" && attempt.toolVersion.string == "1.2.3")
            #expect(attempt.from.string == "obj" && attempt.to.string == "obj" && attempt.exitCode.int == 0)
            #expect(attempt.seconds.double ?? -1 >= 0 && attempt.cpuSeconds.double != nil)
            #expect(attempt.kiln.string == Version.current)
            #expect(attempt.sandbox.string == kiln.server.sandbox.level)
            #expect(attempt.output.sha256 == job.result.sha256)
        }
    }

    @Test func `a failed job has its provenance too, one that is under way has none yet`() async throws {
        try await KilnServer.run(.waits) { kiln in
            let id = try await kiln.accepted()
            let early = try await kiln.get("/api/jobs/\(id)/provenance")
            #expect(early.status == .conflict)
            _ = try await kiln.execute(.post, "/api/jobs/\(id)/cancel")
            let document = try await kiln.get("/api/jobs/\(id)/provenance").json
            #expect(document.job.status.string == "cancelled" && document.result == .null)
            #expect(try await kiln.get("/api/jobs/none/provenance").status == .notFound)
        }
    }

    @Test func `operators read the whole trail, page by page, with runs and hashes`() async throws {
        try await run { kiln in
            let job = try await kiln.ended(kiln.accepted())
            var items: [JSON] = []
            var token = "0"
            repeat {
                let page = try await kiln.execute(
                    .get, "/api/events?pageSize=2&pageToken=\(token)", headers: Self.headers
                ).json
                items += page.items.elements
                token = page.nextPageToken.string ?? ""
            } while !token.isEmpty
            let end = try #require(items.last { $0.subjectId == job.id })
            #expect(end.to.string == "succeeded" && end.run.tool.string == "fake" && end.run.exitCode.int == 0)
            #expect(end.source.sha256 == job.source.sha256 && end.result.sha256 == job.result.sha256)
            #expect(items.map(\.id.int) == Array(1...items.count))
        }
    }

    @Test func `the trail is a table for who accepts one`() async throws {
        try await run { kiln in
            var headers = Self.headers
            headers[.accept] = "text/csv"
            for word in ["pause", "resume"] {
                _ = try await kiln.execute(.post, "/api/tools/fake/\(word)", headers: headers)
            }
            let answer = try await kiln.execute(.get, "/api/events?subject=tool/fake&pageSize=1", headers: headers)
            #expect(answer.headers[.contentType]?.hasPrefix("text/csv") == true)
            let lines = answer.text.split(separator: "\r\n")
            #expect(lines.count == 2 && lines[0].hasPrefix("id,at,subjectKind,"))
            #expect(lines.last?.contains(",tool,fake,,,,operator,") == true)
            #expect(answer.headers.contains { $0.name.rawName == "X-Next-Page-Token" })
        }
    }

    @Test func `cells are quoted as RFC 4180 has it, and none is a formula`() async throws {
        try await withTemporaryStore { store in
            _ = try await store.jobs.receive(Arrival(client: "=1+2", requestId: "a,\"b\"\n"))
            let record = try #require(try await store.audit.trail.records(limit: 1).first)
            #expect(AuditTable.line(record).contains(",uploading,,'=1+2,\"a,\"\"b\"\"\n\",,"))
            let cells = AuditTable.header.split(separator: ",").count
            #expect(AuditTable.line(record).hasSuffix("\r\n") && cells == 29)
        }
    }

    @Test(arguments: ["from=yesterday", "to=2026-02-30", "subject=job", "pageSize=0", "pageSize=1001", "pageToken=x"])
    func `what is asked wrongly is told`(query: String) async throws {
        try await run { kiln in
            let answer = try await kiln.execute(.get, "/api/events?\(query)", headers: Self.headers)
            #expect(answer.status == .badRequest)
        }
    }

    @Test func `a server that stops has sealed what it wrote`() async throws {
        try await withTemporaryFolder { folder in
            try await KilnServer.run(.copies, in: folder) { kiln in _ = try await kiln.ended(kiln.accepted()) }
            let report = try await ReadingStore.look(at: folder.appending("data")) { try await $0.trail.verify() }
            #expect(report.breakage == nil && report.seals >= 1 && report.unsealed == 0 && report.events >= 4)
        }
    }

    private func run(_ test: (KilnServer) async throws -> Void) async throws {
        try await KilnServer.run(.copies) {
            $0.adminToken = Secret(Self.token)
        } test: {
            try await test($0)
        }
    }
}
