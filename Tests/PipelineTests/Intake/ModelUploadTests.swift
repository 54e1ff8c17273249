import Persistence
import TestSupport
import Testing

@testable import Pipeline

/// Models of several files, as they are taken and refused.
struct ModelUploadTests {
    private static let box = Samples.obj(texture: "maps/wood.png")
    private static let parts = [("box.obj", box.obj), ("box.mtl", box.mtl), ("maps/wood.png", Samples.png())]

    @Test func `several files are kept as one zip, named after the model`() async throws {
        try await withIntake { bench in
            let source = try #require(try await bench.dossier(ofUpload: Self.parts).artifact(.source))
            #expect(source.packaging == .zip && source.name == "box.obj" && source.format == "obj")
            #expect(source.filename == "box.zip")
            let kept = try ZipAttempt.contents(of: try await bench.content(of: source))
            #expect(kept.map(\.name) == Self.parts.map(\.0) && kept.map(\.content) == Self.parts.map(\.1))
        }
    }

    @Test func `a zip is kept as it came, under its own name`() async throws {
        try await withIntake { bench in
            let zip = Samples.zip(Self.parts.map { ("house/" + $0.0, $0.1) })
            let dossier = try await bench.dossier(ofUpload: [("My house.zip", zip)])
            let source = try #require(dossier.artifact(.source))
            #expect(source.packaging == .zip && source.name == "house/box.obj" && source.filename == "My house.zip")
            #expect(dossier.job.sourceFormat == "obj" && dossier.job.warnings == nil)
            #expect(try await bench.content(of: source) == zip)
        }
    }

    @Test func `nothing stays in staging, and a model of one file stays a file`() async throws {
        try await withIntake { bench in
            let many = try await bench.dossier(ofUpload: Self.parts)
            let one = try await bench.dossier(ofUpload: [("folder/box.obj", Samples.obj())])
            #expect(many.artifact(.source)?.packaging == .zip)
            #expect(one.artifact(.source)?.packaging == .file && one.artifact(.source)?.name == nil)
            #expect(one.job.sourceFilename == "box.obj")
            #expect(try Directory.names(in: bench.store.folder.staging).isEmpty)
        }
    }

    @Test func `names that climb are taken without their folders`() async throws {
        try await withIntake { bench in
            let parts = [
                ("../../box.obj", Self.box.obj), ("C:\\maps\\box.mtl", Self.box.mtl), ("/etc/wood.png", Samples.png()),
            ]
            let source = try await bench.dossier(ofUpload: parts).artifact(.source)
            let kept = try ZipAttempt.contents(of: try await bench.content(of: source))
            #expect(kept.map(\.name) == ["box.obj", "box.mtl", "wood.png"])
        }
    }

    @Test func `a package of a format is a single file, whatever it is called`() async throws {
        try await withIntake(reading: [.threeMF]) { bench in
            for name in ["box.3mf", "box.zip", "box"] {
                let source = try await bench.dossier(ofUpload: [(name, Samples.threeMF())]).artifact(.source)
                #expect(source?.packaging == .file && source?.format == "3mf")
            }
        }
    }

    @Test func `the root may be named`() async throws {
        try await withIntake { bench in
            let parts = [("a.obj", Samples.obj()), ("b.obj", Samples.obj())]
            let dossier = try await bench.dossier(ofUpload: parts, root: "b.obj")
            #expect(dossier.artifact(.source)?.name == "b.obj")
        }
    }

    /// An upload, and what is wrong with it.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let parts: [(String, [UInt8])]
        var root: String?
        let kind: Refusal.Kind
        let words: [String]
    }

    private static let cases = [
        Case(
            testDescription: "missing files",
            parts: [
                ("a.gltf", Samples.gltf(bufferURI: "a.bin", more: #""images":[{"uri":"b.png"}],"#)), ("x.txt", [1]),
            ],
            kind: .missingDependency, words: ["\"b.png\", \"a.bin\"", "are not among its files"]),
        Case(
            testDescription: "a missing texture", parts: Array(parts.prefix(2)), kind: .missingDependency,
            words: ["\"maps/wood.png\""]),
        Case(
            testDescription: "a texture elsewhere",
            parts: [("a.obj", box.obj), ("box.mtl", Samples.obj(texture: "../b.png").mtl)],
            kind: .unsafeReference, words: ["../b.png"]),
        Case(
            testDescription: "two models", parts: [("a.obj", Samples.obj()), ("b.obj", Samples.obj())],
            kind: .ambiguousRoot, words: ["\"a.obj\", \"b.obj\""]),
        Case(
            testDescription: "an unknown root", parts: parts, root: "c.obj", kind: .unknownRoot,
            words: ["\"c.obj\"", "\"box.obj\""]),
        Case(
            testDescription: "a root of a single file", parts: [("a.obj", Samples.obj())], root: "b.obj",
            kind: .unknownRoot, words: ["only one file"]),
        Case(
            testDescription: "no model", parts: [("a.png", Samples.png()), ("b.txt", [0x61])], kind: .noModel,
            words: ["\"a.png\""]),
        Case(
            testDescription: "a root that is something else", parts: [("a.obj", Samples.png()), ("b.txt", [0x61])],
            kind: .contradictedName, words: ["PNG"]),
        Case(
            testDescription: "one name twice", parts: [("a.obj", Samples.obj()), ("A.obj", Samples.obj())],
            kind: .malformedRequest, words: ["same name"]),
        Case(
            testDescription: "a zip that climbs", parts: [("a.zip", Samples.zip([("../a.obj", Samples.obj())]))],
            kind: .invalidArchive, words: ["lead out"]),
        Case(
            testDescription: "half a zip", parts: [("a.zip", Array(Samples.zip(parts).dropLast(9)))],
            kind: .invalidArchive, words: ["broken"]),
        Case(testDescription: "an empty zip", parts: [("a.zip", Samples.zip([]))], kind: .noModel, words: []),
        Case(
            testDescription: "a zip named as a model", parts: [("a.obj", Samples.zip(parts))], kind: .contradictedName,
            words: ["zip archive"]),
        Case(
            testDescription: "a part with the root's name",
            parts: [("a.scad", Array("use <model.scad>".utf8)), ("model.scad", Array("cube(1);".utf8))],
            root: "a.scad", kind: .unsafeReference, words: ["another name"]),
        Case(
            testDescription: "a broken scene", parts: [("a.gltf", Array(Samples.gltf().dropLast(5))), ("b.bin", [1])],
            kind: .unrecognisedContent, words: ["broken"]),
    ]

    @Test(arguments: cases) func `what cannot be taken is refused, leaves a failed row and no bytes`(_ refused: Case)
        async throws
    {
        try await withIntake(reading: [.obj, .gltf, .scad]) { bench in
            let refusal = await #expect(throws: Refusal.self) {
                try await bench.dossier(ofUpload: refused.parts, root: refused.root)
            }
            #expect(refusal?.kind == refused.kind)
            for word in refused.words {
                #expect(refusal?.sentence.contains(word) == true, "\(refusal?.sentence ?? "")")
            }
            let job = try #require(try await bench.store.jobs.history(limit: 1).first)
            #expect(job.job.status == .failed && job.job.failure?.message == refusal?.sentence)
            #expect(job.artifacts.isEmpty)
            #expect(try Directory.names(in: bench.store.folder.staging).isEmpty)
        }
    }
}

extension Workbench {
    /// What became of an upload of these files.
    fileprivate func dossier(ofUpload files: [(String, [UInt8])], root: String? = nil) async throws -> Dossier {
        try await intake.take(Arrival(client: "local"), declaredSize: nil) { upload in
            for (name, bytes) in files {
                try upload.begin(name)
                try await upload.takeAll(bytes)
            }
            return try await upload.accept(target: .stl, root: root)
        }
    }
}
