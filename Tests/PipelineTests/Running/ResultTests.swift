import Persistence
import TestSupport
import Testing

@testable import Pipeline

/// What is kept of an attempt that went well.
@Suite(.enabled(if: Machine.hasSandbox, "\(Machine.withoutSandbox)"))
struct ResultTests {
    private static let forge = FakeTool("forge", does: .says("hello").then(.makes(Samples.stl())))

    @Test func `the result is what the tool made, measured again`() async throws {
        try await withWorkbench(Self.forge) { bench in
            let dossier = try await bench.convert()
            let result = try #require(dossier.artifact(.result))
            let bytes = try await bench.content(of: result)
            #expect(bytes == Samples.stl())
            #expect(result.format == "stl")
            #expect(result.packaging == .file)
            #expect(result.geometry?.triangles == 12)
            #expect(result.geometry?.extents == [1, 2, 3])
            #expect(result.verifiedBy == "kiln")
        }
    }

    @Test(arguments: [
        ("box.obj", "box.stl"), ("two.parts.obj", "two.parts.stl"), ("Größe 5.OBJ", "Größe 5.stl"), (nil, "model.stl"),
        ("C:\\parts\\box.obj", "box.stl"), ("../../box.obj", "box.stl"),
    ]) func `the result is offered under the client's name`(sent: String?, offered: String) async throws {
        try await withWorkbench(Self.forge) { bench in
            let dossier = try await bench.convert(named: sent)
            #expect(dossier.artifact(.result)?.filename == offered)
        }
    }

    @Test func `the attempt's row tells how the tool was run`() async throws {
        try await withWorkbench(Self.forge) { bench in
            let attempt = try #require(try await bench.convert().attempts.first)
            #expect(attempt.toolVersion == "1.2.3")
            #expect(attempt.arguments == ["forge", "/in/model.obj", "/out/model.stl"])
            #expect(attempt.exitCode == 0)
            #expect(attempt.signal == nil)
            #expect(attempt.outcome == .succeeded)
            #expect(try #require(attempt.cpuSeconds) > 0)
            #expect(try #require(attempt.peakMemoryBytes) > 0)
        }
    }

    @Test func `what the tool said is kept`() async throws {
        try await withWorkbench(Self.forge) { bench in
            let log = try await bench.log(of: bench.convert())
            #expect(log == "hello\n")
        }
    }

    @Test func `what the tool said is kept also when it failed`() async throws {
        try await withWorkbench(FakeTool("forge", does: .fails(3, saying: "no such luck"))) { bench in
            let log = try await bench.log(of: bench.convert())
            #expect(log == "no such luck\n")
        }
    }

    @Test func `a tool that says nothing has no log`() async throws {
        try await withWorkbench(FakeTool("forge", does: .makes(Samples.stl()))) { bench in
            let dossier = try await bench.convert()
            #expect(dossier.artifact(.log) == nil)
        }
    }

    @Test func `several files become a zip`() async throws {
        let files = FakeBehaviour.makes(Samples.stl())
            .then(FakeBehaviour("mkdir /out/maps")).then(.writes(Samples.png(), to: "/out/maps/skin.png"))
        try await withWorkbench(FakeTool("forge", does: files)) { bench in
            let result = try #require(try await bench.convert().artifact(.result))
            #expect(result.packaging == .zip)
            #expect(result.filename == "box.zip")
            #expect(result.geometry?.triangles == 12)
            let listings = try ZipListing.read(try await bench.content(of: result))
            #expect(listings.map(\.name) == ["maps/skin.png", "model.stl"])
            #expect(listings.map(\.checksum) == [Samples.png().slowChecksum, Samples.stl().slowChecksum])
        }
    }

    @Test(arguments: [FakeBehaviour.makes(Samples.stl()), .fails(1), .dies(of: "SEGV"), .leavesDaemon])
    func `the workspace is gone when the attempt has ended`(behaviour: FakeBehaviour) async throws {
        let messy = FakeBehaviour("mkdir -p /tmp/a/b /out/c; touch /tmp/a/b/file; chmod 0 /tmp/a")
        try await withWorkbench(FakeTool("forge", does: messy.then(behaviour))) { bench in
            _ = try await bench.convert()
            #expect(try Directory.names(in: bench.store.folder.work).isEmpty)
        }
    }

    @Test func `a result in another unit is brought into the target's`() async throws {
        let forge = FakeTool("forge", reads: [.glb], writes: [.stl], does: .makes(Samples.stl()))
        try await withWorkbench(forge) { bench in
            let dossier = try await bench.convert(Samples.glb(), named: "box.glb")
            #expect(dossier.artifact(.result)?.geometry?.extents == [1000, 3000, 2000])
        }
    }

    @Test func `where no reader of ours knows the target the tool reads it back`() async throws {
        let forge = FakeTool(
            "forge", reads: [.obj, .x], writes: [.x, .stl],
            does: FakeBehaviour(#"if [ "$source" = /in/model.x ]; then"#).then(.makes(Samples.stl()))
                .then(FakeBehaviour("else")).then(.makes(Samples.x())).then(FakeBehaviour("fi")))
        try await withWorkbench(forge) { bench in
            let result = try #require(try await bench.convert(to: .x).artifact(.result))
            #expect(result.geometry?.triangles == 12)
            #expect(result.verifiedBy == "forge 1.2.3")
        }
    }

    @Test func `a result that the tool itself cannot read back is invalid`() async throws {
        let forge = FakeTool(
            "forge", reads: [.obj, .x], writes: [.x, .stl],
            does: FakeBehaviour(#"[ "$source" = /in/model.obj ] || exit 9"#).then(.makes(Samples.x())))
        try await withWorkbench(forge) { bench in
            let dossier = try await bench.convert(to: .x)
            #expect(dossier.job.failure?.code == .invalidResult)
        }
    }
}
