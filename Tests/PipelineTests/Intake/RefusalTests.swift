import Persistence
import TestSupport
import Testing

@testable import Pipeline

/// Uploads that are not taken: the refusal for the client, and the row that stays.
struct RefusalTests {
    /// An upload, and what is wrong with it.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
        let filename: String?
        let kind: Refusal.Kind
        let code: Failure.Code

        init(
            _ description: String, _ bytes: [UInt8], named filename: String?, _ kind: Refusal.Kind,
            _ code: Failure.Code = .rejected
        ) {
            testDescription = description
            self.bytes = bytes
            self.filename = filename
            self.kind = kind
            self.code = code
        }
    }

    static let cases = [
        Case("nothing", [], named: "box.obj", .emptyFile),
        Case("too many bytes", Samples.obj(triangles: 100_000), named: nil, .tooLarge),
        Case("a picture", Samples.png(), named: nil, .unrecognisedContent),
        Case("plain text", Array("Dear Sir or Madam,\n".utf8), named: nil, .unrecognisedContent),
        Case("half a GLB", Samples.glbCutShort(), named: "box.glb", .unrecognisedContent),
        Case("a picture named as a model", Samples.png(), named: "box.obj", .contradictedName),
        Case("a GLB named as an STL", Samples.glb(), named: "box.stl", .contradictedName),
        Case("a model that nobody reads", Samples.dxf(), named: "box.dxf", .noRoute),
        Case(
            "a glTF that reaches out", Samples.gltfReachingOut(), named: "box.gltf", .unsafeReference, .unsafeReference),
        Case(
            "a glTF that reads an absolute path", Samples.gltf(bufferURI: "/etc/passwd"), named: "box.gltf",
            .unsafeReference, .unsafeReference),
        Case(
            "a glTF that calls home", Samples.gltf(bufferURI: "http://127.0.0.1/box.bin"), named: "box.gltf",
            .unsafeReference, .unsafeReference),
        Case(
            "a GLB that reaches out", Samples.glb(bufferURI: "%2e%2e/secret.bin"), named: "box.glb", .unsafeReference,
            .unsafeReference),
        Case(
            "an OBJ whose material library is elsewhere", Array("mtllib /etc/passwd\n".utf8) + Samples.obj(),
            named: "box.obj", .unsafeReference, .unsafeReference),
        Case(
            "a glTF without its buffer", Samples.gltf(bufferURI: "box.bin"), named: "box.gltf", .missingDependency,
            .missingDependency),
    ]

    @Test(arguments: cases) func `what cannot be taken is refused, and leaves a failed row`(_ refused: Case)
        async throws
    {
        try await withBench { bench in
            let refusal = await #expect(throws: Refusal.self) {
                try await bench.upload(refused.bytes, named: refused.filename)
            }
            #expect(refusal?.kind == refused.kind)
            let job = try #require(try await bench.store.jobs.history(limit: 1).first?.job)
            #expect(job.status == .failed)
            #expect(job.failure == Failure(refused.code, refusal?.sentence ?? ""))
            #expect(job.targetFormat == "stl")
            #expect(job.requestId == "request-1")
            #expect(job.sourceFilename == refused.filename)
        }
    }

    @Test(arguments: cases) func `what is refused leaves no bytes`(_ refused: Case) async throws {
        try await withBench { bench in
            await #expect(throws: Refusal.self) { try await bench.upload(refused.bytes, named: refused.filename) }
            let job = try #require(try await bench.store.jobs.history(limit: 1).first)
            #expect(job.artifacts.isEmpty)
            #expect(try Directory.names(in: bench.store.folder.staging).isEmpty)
            await #expect(throws: SystemError.self) { try await bench.store.blobs.open(.source(of: job.job.id)) }
        }
    }

    @Test func `a declared size over the limit is refused before a byte is taken`() async throws {
        try await withBench { bench in
            let arrival = Arrival(client: "local")
            let refusal = await #expect(throws: Refusal.self) {
                try await bench.intake.take(arrival, declaredSize: 1 << 30) { _ in Issue.record("taken") }
            }
            #expect(refusal?.kind == .tooLarge)
        }
    }

    @Test func `a size that was not declared is limited as it arrives`() async throws {
        try await withBench { bench in
            let refusal = await #expect(throws: Refusal.self) {
                try await bench.intake.take(Arrival(client: "local"), declaredSize: nil) { upload in
                    while true { try await upload.takeAll([UInt8](repeating: 0x20, count: 65_536)) }
                }
            }
            #expect(refusal?.kind == .tooLarge)
        }
    }

    @Test func `a file of just the largest size is taken`() async throws {
        try await withBench { bench in
            let padding = [UInt8](repeating: 0x23, count: (1 << 20) - Samples.obj().count - 1) + [0x0A]
            let job = try await bench.upload(Samples.obj() + padding)
            #expect(try await bench.store.jobs.job(job)?.status == .pending)
        }
    }

    @Test(arguments: [("gbl", "glb"), ("objj", "obj"), ("3fm", "3mf")])
    func `an unknown target comes with the one that was meant`(name: String, meant: String) throws {
        let refusal = try #require(throws: Refusal.self) { try Upload.target(named: name) }
        #expect(refusal.kind == .unknownFormat)
        #expect(refusal.sentence.contains("Did you mean \(meant)?"))
    }

    @Test func `an unknown target comes with all there are`() throws {
        let refusal = try #require(throws: Refusal.self) { try Upload.target(named: "quilt") }
        for format in Format.all { #expect(refusal.sentence.contains(format.name)) }
    }

    @Test func `an impossible target comes with those that are possible`() async throws {
        try await withBench { bench in
            let refusal = await #expect(throws: Refusal.self) { try await bench.upload(to: .usd) }
            #expect(refusal?.kind == .noRoute)
            #expect(refusal?.sentence.hasSuffix("Possible targets are: stl, ply.") == true)
        }
    }

    @Test func `an upload that breaks off leaves a row that says so`() async throws {
        struct ConnectionLost: Error {}
        try await withBench { bench in
            await #expect(throws: ConnectionLost.self) {
                try await bench.intake.take(Arrival(client: "local"), declaredSize: 1000) { upload in
                    try await upload.takeAll(Samples.obj())
                    throw ConnectionLost()
                }
            }
            let job = try #require(try await bench.store.jobs.history(limit: 1).first?.job)
            #expect(job.failure?.code == .uploadAborted)
            #expect(try Directory.names(in: bench.store.folder.staging).isEmpty)
        }
    }

    @Test func `an upload that stalls is one that broke off`() async throws {
        try await withBench { bench in
            await #expect(throws: Refusal.self) {
                try await bench.intake.take(Arrival(client: "local"), declaredSize: 1000) { _ in
                    throw Refusal(.requestTimeout, "The upload stalled.")
                }
            }
            let job = try #require(try await bench.store.jobs.history(limit: 1).first?.job)
            #expect(job.failure == Failure(.uploadAborted, "The upload stalled."))
        }
    }

    private func withBench(_ body: (Workbench) async throws -> Void) async throws {
        try await withIntake(reading: [.obj, .stl, .glb, .gltf], body)
    }
}
