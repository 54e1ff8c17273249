import HTTPTypes
import TestSupport
import Testing

@testable import App

@Suite(.enabled(if: Installed.sandbox, Installed.noSandbox), .timeLimit(.minutes(5)))
struct StoppingTests {
    @Test func `an upload that is under way when the stop begins is taken, and converted by the next server`()
        async throws
    {
        try await withTemporaryFolder { folder in
            let file = Samples.obj()
            let id = try await KilnServer.run(.copies, in: folder) { kiln in
                let client = try RawClient(port: kiln.port)
                try client.send(head("POST", "/api/convert?format=obj", "Content-Length: \(file.count)"))
                _ = client.send(file, upTo: 100)
                try await eventually { try await kiln.newest().status.string == "uploading" }
                await kiln.live.stop()
                _ = client.send(Array(file.dropFirst(100)), upTo: file.count - 100)
                let answer = try await blocking { try Answer(from: client) }
                #expect(answer.status == .accepted)
                return try #require(try answer.json.id.string)
            }
            try await KilnServer.run(.copies, in: folder) { kiln in
                let job = try await kiln.ended(id)
                #expect(job.status.string == "succeeded")
            }
        }
    }

    @Test func `an upload that outlasts the stop is told so, and fails as aborted`() async throws {
        try await withTemporaryFolder { folder in
            let answer = try await KilnServer.run(.copies, in: folder) {
                $0.shutdownTimeout = .milliseconds(500)
            } test: { kiln in
                let client = try RawClient(port: kiln.port)
                try client.send(head("POST", "/api/convert?format=obj", "Content-Length: 1000") + "v 0 0 0\n")
                try await eventually { try await kiln.newest().status.string == "uploading" }
                await kiln.live.stop()
                return try await blocking { client.receiveAll() }
            }
            #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 503 ") && answer.contains("\"code\":\"stopping\""))
            try await KilnServer.run(.copies, in: folder) { kiln in
                let row = try await kiln.newest()
                #expect(row.failure.code.string == "uploadAborted")
            }
        }
    }

    @Test func `a tool that outlasts the stop is ended, and its job waits for the next server uncharged`() async throws
    {
        try await withTemporaryFolder { folder in
            let id = try await KilnServer.run(.waits.then(.copies), in: folder) {
                $0.shutdownTimeout = .milliseconds(500)
            } test: { kiln in
                let id = try await kiln.accepted()
                try await eventually { try await kiln.get("/api/jobs/\(id)").json.status.string == "running" }
                return id
            }
            try await KilnServer.run(.copies, in: folder) { kiln in
                let job = try await kiln.ended(id)
                #expect(job.status.string == "succeeded")
                #expect(job.attempts.elements.map(\.outcome.string) == ["interrupted", "succeeded"])
                let events = try await kiln.get("/api/jobs/\(id)/events").json.items.elements
                #expect(events.map(\.reason.string).contains("stopping"))
            }
        }
    }

    @Test func `who waits for a job is answered when the server stops`() async throws {
        try await KilnServer.run(.waits.then(.copies)) {
            $0.shutdownTimeout = .seconds(20)
        } test: { kiln in
            let id = try await kiln.accepted()
            try await eventually { try await kiln.get("/api/jobs/\(id)").json.status.string == "running" }
            let client = try RawClient(port: kiln.port)
            try client.send(head("GET", "/api/jobs/\(id)?wait=60", "Connection: close"))
            // Its answer is to a question that came later, so that the first one is being waited for.
            _ = try await kiln.get("/live")
            await kiln.live.stop()
            let answer = try await blocking { try Answer(from: client) }
            #expect(try answer.json.status.string == "running")
            try await kiln.letGo(id)
        }
    }
}
