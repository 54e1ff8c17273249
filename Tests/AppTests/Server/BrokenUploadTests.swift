import FoundationEssentials
import Persistence
import SystemPackage
import TestSupport
import Testing

@testable import App

@Suite(.enabled(if: Installed.sandbox, Installed.noSandbox), .timeLimit(.minutes(5)))
struct BrokenUploadTests {
    private static let form = head(
        "POST", "/api/convert", "Content-Type: multipart/form-data; boundary=b", "Content-Length: 5000000")
    private static let part =
        "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"box.obj\"\r\n\r\nv 0 0 0\nv 1 0 0\n"

    private static let beginnings = [
        head("POST", "/api/convert?format=obj&filename=box.obj", "Content-Length: 5000000") + "v 0 0 0\nv 1 0 0\n",
        head("POST", "/api/convert?format=obj&filename=box.obj", "Transfer-Encoding: chunked") + "8\r\nv 0 0 0\n\r\n",
        form + part,
    ]

    /// The file goes a moment after the row has failed.
    private func expectNothingStaged(by kiln: KilnServer) async throws {
        let staging = kiln.server.store.folder.staging.string
        try await eventually { try FileManager.default.contentsOfDirectory(atPath: staging).isEmpty }
    }

    @Test(arguments: [true, false])
    func `an upload whose client goes away fails as aborted, and leaves no bytes`(byReset: Bool) async throws {
        try await KilnServer.run(.copies) { kiln in
            for beginning in Self.beginnings {
                var client: RawClient? = try RawClient(port: kiln.port)
                if byReset { client?.resetsWhenReleased() }
                try client?.send(beginning)
                try await eventually { try await kiln.newest().status.string == "uploading" }
                client = nil
                try await eventually { try await kiln.newest().status.string == "failed" }
                let row = try await kiln.newest()
                #expect(row.failure.code.string == "uploadAborted")
                #expect(row.source.filename.string == "box.obj")
                try await expectNothingStaged(by: kiln)
            }
        }
    }

    @Test func `an upload that breaks off when much of it is on disk leaves nothing there`() async throws {
        try await KilnServer.run(.copies) { kiln in
            let port = kiln.port
            try await blocking {
                let client = try RawClient(port: port)
                try client.send(Self.beginnings[0])
                #expect(client.send([UInt8](repeating: 10, count: 1000), upTo: 3_000_000) == 3_000_000)
            }
            try await eventually { try await kiln.newest().status.string == "failed" }
            try await expectNothingStaged(by: kiln)
        }
    }

    @Test func `an upload that stalls is 408, and fails as aborted`() async throws {
        try await KilnServer.run(.copies) {
            $0.uploadTimeout = .milliseconds(300)
        } test: { kiln in
            let port = kiln.port
            for beginning in Self.beginnings {
                let answer = try await blocking {
                    let client = try RawClient(port: port)
                    try client.send(beginning)
                    return client.receiveAll()
                }
                #expect(answer.hasPrefix("HTTP/1.1 408 ") && answer.contains("\"code\":\"requestTimeout\""))
                let row = try await kiln.newest()
                #expect(row.status.string == "failed" && row.failure.code.string == "uploadAborted")
                try await expectNothingStaged(by: kiln)
            }
        }
    }
}
