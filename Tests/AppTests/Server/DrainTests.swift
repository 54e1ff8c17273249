import HTTPTypes
import Persistence
import SystemPackage
import TestSupport
import Testing

@testable import App

/// What an operator does before maintenance.
@Suite(.enabled(if: Installed.sandbox, Installed.noSandbox), .timeLimit(.minutes(5)))
struct DrainTests {
    private func ask(_ kiln: KilnServer, _ method: String, _ path: String) async throws -> JSON {
        let socket = LocalSocket(in: kiln.server.store.folder.root)
        return try JSON(try await blocking { try socket.ask(method, path) }.body)
    }

    @Test func `a drained server takes no jobs, works off those it has, and is not ready`() async throws {
        try await KilnServer.run(.waits.then(.copies)) { kiln in
            let job = try await kiln.accepted()
            let state = try await ask(kiln, "POST", "/api/drain")
            #expect(state.drainingSince.string?.hasSuffix("Z") == true && state.isDone.bool == false)
            let refused = try await kiln.upload(to: "obj")
            #expect(try refused.status == .serviceUnavailable && refused.json.code.string == "stopping")
            #expect(refused.headers[.retryAfter] != nil)
            let ready = try await kiln.get("/ready")
            #expect(try ready.status == .serviceUnavailable && ready.json.failures.elements.contains(.string("intake")))
            #expect(try await kiln.get("/metrics").text.contains("\nkiln_draining 1\n"))
            try await kiln.letGo(job)
            #expect(try await kiln.ended(job).status.string == "succeeded")
            #expect(try await ask(kiln, "GET", "/api/drain").isDone.bool == true)
        }
    }

    @Test func `it takes jobs again when it is told to, or started again`() async throws {
        try await withTemporaryFolder { folder in
            try await KilnServer.run(.copies, in: folder) { kiln in
                _ = try await ask(kiln, "POST", "/api/drain")
                #expect(try await ask(kiln, "POST", "/api/resume").drainingSince == .null)
                _ = try await kiln.ended(kiln.accepted())
                _ = try await ask(kiln, "POST", "/api/drain")
            }
            try await KilnServer.run(.copies, in: folder) { kiln in
                let status = try await kiln.get("/ready").status
                #expect(status == .ok)
            }
        }
    }

    @Test func `nobody drains a server over the network without a token`() async throws {
        try await KilnServer.run(.copies) { kiln in
            for path in ["/api/drain", "/api/resume"] {
                let status = try await kiln.execute(.post, path).status
                #expect(status == .forbidden)
            }
        }
    }
}
