import Persistence
import TestSupport
import Testing

@testable import Pipeline

/// Uploads that are taken, and what is kept of them.
struct AcceptanceTests {
    @Test func `an accepted upload waits with its route and its file`() async throws {
        try await withIntake { bench in
            let id = try await bench.upload()
            let dossier = try #require(try await bench.store.jobs.dossier(of: id))
            #expect(dossier.job.status == .pending)
            #expect(dossier.job.sourceFormat == "obj")
            #expect(dossier.job.targetFormat == "stl")
            #expect(dossier.job.route == [RouteStep(from: "obj", to: "stl", converters: ["forge"])])
            #expect(dossier.job.tool == "forge")
            let source = try await bench.content(of: dossier.artifact(.source))
            #expect(source == Samples.obj())
        }
    }

    @Test func `an accepted upload is there in the next life of the server`() async throws {
        try await withTemporaryFolder { folder in
            let id = try await withStore(in: folder) { try await withIntake(of: $0) { try await $0.upload() } }
            try await withStore(in: folder) { store in
                let dossier = try #require(try await store.jobs.dossier(of: id))
                #expect(dossier.job.status == .pending)
                let source = try await store.blobs.open(try #require(dossier.artifact(.source)?.blobKey))
                #expect(try source.readAll() == Samples.obj())
            }
        }
    }

    @Test func `nothing stays in staging`() async throws {
        try await withIntake { bench in
            try await bench.upload()
            #expect(try Directory.names(in: bench.store.folder.staging).isEmpty)
        }
    }

    @Test(arguments: [1, 511, 65_536, 524_288])
    func `a file arrives whole in pieces of any size`(size: Int) async throws {
        try await withIntake { bench in
            let bytes = Samples.obj(triangles: 20_000)
            let job = try await bench.intake.take(Arrival(client: "local"), declaredSize: nil) { upload in
                for start in stride(from: 0, to: size == 1 ? 4096 : bytes.count, by: size) {
                    try await upload.takeAll(Array(bytes[start..<min(start + size, bytes.count)]))
                }
                if size == 1 { try await upload.takeAll(Array(bytes[4096...])) }
                return try await upload.accept(target: .stl).job
            }
            let source = try await bench.content(of: bench.store.jobs.dossier(of: job.id)?.artifact(.source))
            #expect(source == bytes)
        }
    }

    @Test(arguments: [
        ("box.obj", "box.obj"), ("C:\\fakepath\\box.obj", "box.obj"), ("../../etc/box.obj", "box.obj"),
        ("/tmp/box.obj", "box.obj"), ("bo\u{202E}x\u{0}\n.obj", "box.obj"), ("-rf.obj", "-rf.obj"),
        ("größe ☃.obj", "größe ☃.obj"), (String(repeating: "x", count: 300), String(repeating: "x", count: 200)),
        ("..", "model.obj"), ("/", "model.obj"), ("", "model.obj"),
    ]) func `a name is kept for display, without folders and control characters`(
        sent: String, kept: String
    ) async throws {
        try await withIntake { bench in
            let job = try await bench.upload(named: sent)
            #expect(try await bench.store.jobs.job(job)?.sourceFilename == kept)
        }
    }

    @Test func `content goes before the name where the name says nothing`() async throws {
        try await withIntake { bench in
            let job = try await bench.upload(named: "box.bak")
            #expect(try await bench.store.jobs.job(job)?.sourceFormat == "obj")
        }
    }

    @Test func `a material library that was not sent is a warning`() async throws {
        try await withIntake { bench in
            let job = try await bench.upload(Samples.obj(texture: "skin.png").obj)
            #expect(
                try await bench.store.jobs.job(job)?.warnings == [
                    "\"box.mtl\" was not sent with the model, so the result does without it."
                ])
        }
    }

    @Test(.enabled(if: Machine.hasSandbox, "\(Machine.withoutSandbox)"))
    func `the warnings of an upload stand by its result`() async throws {
        try await withWorkbench(FakeTool("forge", does: .makes(Samples.stl()))) { bench in
            let dossier = try await bench.convert(Samples.obj(texture: "skin.png").obj)
            #expect(dossier.job.status == .succeeded)
            #expect(dossier.job.warnings?.first?.contains("box.mtl") == true)
        }
    }

    @Test func `a tag goes with the job`() async throws {
        try await withIntake { bench in
            let job = try await bench.intake.take(Arrival(client: "local"), declaredSize: nil) { upload in
                try await upload.takeAll(Samples.obj())
                return try await upload.accept(target: .stl, tag: "order 7").job
            }
            #expect(job.tag == "order 7")
        }
    }
}
