import HTTPTypes
import Persistence
import SystemPackage
import TestSupport
import Testing

@testable import App

/// What only operators may do, and how they come in.
@Suite(.enabled(if: Installed.sandbox, Installed.noSandbox), .timeLimit(.minutes(5)))
struct OperatorTests {
    private static let token = "open-sesame-0123456789"
    private static let routes: [(method: HTTPRequest.Method, path: String)] = [
        (.get, "/api/tools"), (.post, "/api/tools/fake/pause"), (.post, "/api/tools/fake/resume"),
        (.post, "/api/jobs/retry?status=failed"), (.get, "/api/clock"), (.post, "/api/clock/confirm"),
        (.get, "/api/events"), (.get, "/api/backups"),
        (.post, "/api/backups/0193500a-8d3e-7b02-b0a4-2f6c9d1e8a11/hold"),
        (.post, "/api/backups/0193500a-8d3e-7b02-b0a4-2f6c9d1e8a11/end"),
    ]

    @Test func `over the network nobody gets in without a token that the server knows`() async throws {
        try await KilnServer.run(.copies) { kiln in
            for (method, path) in Self.routes {
                let answer = try await kiln.execute(
                    method, path, headers: [.authorization: "Bearer \(Self.token)"])
                #expect(answer.status == .forbidden)
                #expect(try answer.json.code.string == "operatorsOnly")
            }
        }
    }

    @Test(arguments: [
        nil, "Bearer open-sesame-012345678", "Bearer open-sesame-0123456780", "open-sesame-0123456789", "Bearer ",
    ])
    func `a wrong token is 401, with what to show`(shown: String?) async throws {
        try await KilnServer.run(.copies) {
            $0.adminToken = Secret(Self.token)
        } test: { kiln in
            for (method, path) in Self.routes {
                let answer = try await kiln.execute(
                    method, path, headers: shown.map { [.authorization: $0] } ?? [:])
                #expect(answer.status == .unauthorized)
                #expect(answer.headers[.wwwAuthenticate] == "Bearer realm=\"kiln\"")
                #expect(try answer.json.code.string == "unauthorized")
            }
        }
    }

    @Test func `with the token, a tool is paused and goes on`() async throws {
        try await KilnServer.run(.copies) {
            $0.adminToken = Secret(Self.token)
        } test: { kiln in
            let headers: HTTPFields = [.authorization: "Bearer \(Self.token)"]
            let paused = try await kiln.execute(.post, "/api/tools/fake/pause", headers: headers)
            #expect(paused.status == .ok)
            #expect(try paused.json.pausedAt.string?.hasSuffix("Z") == true)
            let job = try await kiln.accepted()
            let list = try await kiln.execute(.get, "/api/tools", headers: headers).json.tools
            #expect(list[0].name.string == "fake" && list[0].ready.int == 1 && list[0].running.int == 0)
            #expect(try await kiln.get("/health").json.checks.fake.paused.bool == true)
            let resumed = try await kiln.execute(.post, "/api/tools/fake/resume", headers: headers)
            #expect(try resumed.json.pausedAt == .null)
            #expect(try await kiln.ended(job).status.string == "succeeded")
            let unknown = try await kiln.execute(.post, "/api/tools/press/pause", headers: headers)
            #expect(unknown.status == .notFound)
        }
    }

    @Test func `a pause outlasts the server`() async throws {
        try await withTemporaryFolder { folder in
            let job = try await KilnServer.run(.copies, in: folder) { kiln in
                let socket = LocalSocket(in: kiln.server.store.folder.root)
                #expect(try await blocking { try socket.ask("POST", "/api/tools/fake/pause").status } == 200)
                return try await kiln.accepted()
            }
            try await KilnServer.run(.copies, in: folder) { kiln in
                let socket = LocalSocket(in: kiln.server.store.folder.root)
                let waiting = try await kiln.get("/api/jobs/\(job)").json
                #expect(waiting.status.string == "pending")
                #expect(try await blocking { try socket.ask("POST", "/api/tools/fake/resume").status } == 200)
                #expect(try await kiln.ended(job).status.string == "succeeded")
            }
        }
    }

    @Test func `on the socket in the data folder no token is asked for`() async throws {
        try await KilnServer.run(.copies) {
            $0.adminToken = Secret(Self.token)
        } test: { kiln in
            let socket = LocalSocket(in: kiln.server.store.folder.root)
            let answer = try await blocking { try socket.ask("GET", "/api/tools") }
            #expect(answer.status == 200)
            #expect(try JSON(answer.body).tools[0].name.string == "fake")
        }
    }

    @Test func `a data folder whose path is too long for a socket is served all the same`() async throws {
        try await withTemporaryFolder { folder in
            let deep = folder.appending(String(repeating: "x", count: 100))
            try await KilnServer.run(.copies, in: deep) { kiln in
                let answer = try await kiln.get("/live")
                #expect(answer.status == .ok)
            }
        }
    }

    @Test func `failed jobs are repeated together, by their failure or as far as it is worth it`() async throws {
        try await KilnServer.run(.dies(of: "SEGV")) {
            $0.adminToken = Secret(Self.token)
        } test: { kiln in
            let headers: HTTPFields = [.authorization: "Bearer \(Self.token)"]
            for _ in 0..<2 { _ = try await kiln.ended(kiln.accepted()) }
            let none = try await kiln.execute(.post, "/api/jobs/retry?status=failed&code=diskFull", headers: headers)
            #expect(try none.json.retried.int == 0)
            let all = try await kiln.execute(.post, "/api/jobs/retry?status=failed&code=crashed", headers: headers)
            #expect(try all.json.retried.int == 2 && all.json.isComplete.bool == true)
            #expect(try await kiln.get("/api/jobs").json.items.elements.filter { $0.retryOf != .null }.count == 2)
            for query in ["", "?status=succeeded", "?status=failed&code=tired"] {
                let answer = try await kiln.execute(.post, "/api/jobs/retry\(query)", headers: headers)
                #expect(answer.status == .badRequest)
            }
        }
    }
}
