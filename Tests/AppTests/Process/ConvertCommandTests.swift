import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import App

/// `kiln convert` and `kiln doctor`, as a person calls them.
@Suite(
    .enabled(if: KilnProcess.isBuilt, KilnProcess.notBuilt), .enabled(if: Installed.assimp, Installed.noAssimp),
    .timeLimit(.minutes(5)))
struct ConvertCommandTests {
    @Test func `a model is converted without a server`() async throws {
        try await withTemporaryFolder { folder in
            let source = try Self.put(Samples.obj(), "box.obj", in: folder)
            let run = try await Self.kiln(["convert", source, "-o", folder.appending("box.glb").string], in: folder)
            #expect(run.exitCode == 0, "\(run.output)")
            let result = try Data(contentsOf: URL(filePath: folder.appending("box.glb").string))
            #expect(result.starts(with: Data("glTF".utf8)))
            let left = try FileManager.default.contentsOfDirectory(atPath: folder.string).filter {
                $0.hasPrefix("kiln.")
            }
            #expect(left.isEmpty)
        }
    }

    @Test func `a result of several files is laid out beside the output`() async throws {
        try await withTemporaryFolder { folder in
            let source = try Self.put(Samples.obj(), "box.obj", in: folder)
            let run = try await Self.kiln(["convert", source, "-o", folder.appending("out.gltf").string], in: folder)
            #expect(run.exitCode == 0, "\(run.output)")
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.string)
            #expect(names.contains("out.gltf") && names.contains { $0.hasSuffix(".bin") })
        }
    }

    @Test(arguments: [
        (["convert", "box.obj", "-o", "box.gld"], 64, "glb"),
        (["convert", "nowhere.obj", "-o", "box.glb"], 66, "nowhere.obj"),
        (["convert", "broken.stl", "-o", "box.glb"], 65, "."), (["convert", "box.obj", "-o", "box.dwg"], 69, "dwg"),
        (["convert", "box.obj", "-o", "box.glb", "--option", "scale=big"], 64, "scale"),
        (["convert", "box.obj", "-o", "box.glb", "--option", "scale"], 64, "scale"),
        (["convert", "box.obj", "-o", "nowhere/box.glb"], 73, "nowhere"),
    ]) func `what goes wrong is told by the exit code and in a sentence`(
        words: [String], code: Int32, word: String
    ) async throws {
        try await withTemporaryFolder { folder in
            _ = try Self.put(Samples.obj(), "box.obj", in: folder)
            _ = try Self.put(Array(Samples.stl().prefix(600)), "broken.stl", in: folder)
            let run = try await Self.kiln(words, in: folder)
            #expect(run.exitCode == code, "\(run.output)")
            #expect(run.output.contains(word) && !run.output.isEmpty)
        }
    }

    @Test func `the doctor shows every tool, and is content with one`() async throws {
        try await withTemporaryFolder { folder in
            let run = try await Self.kiln(["doctor"], in: folder)
            #expect(run.exitCode == 0, "\(run.output)")
            #expect(run.output.contains("sandbox") && run.output.contains("assimp") && run.output.contains("passed"))
        }
    }

    @Test func `without a tool the doctor says so by its exit code`() async throws {
        try await withTemporaryFolder { folder in
            let run = try await Self.kiln(["doctor"], in: folder, ["ASSIMP_PATH": "/nowhere/assimp"])
            #expect(run.exitCode == 1 && run.output.contains("/nowhere/assimp"))
        }
    }

    private static func put(_ bytes: [UInt8], _ name: String, in folder: FilePath) throws -> String {
        let path = folder.appending(name).string
        try Data(bytes).write(to: URL(filePath: path))
        return path
    }

    /// With assimp as the only tool.
    private static func kiln(
        _ words: [String], in folder: FilePath, _ settings: [String: String] = [:]
    ) async throws -> (exitCode: Int32, output: String) {
        let environment = [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "TOOLS": "assimp",
            "TMPDIR": folder.string, "DISK_RESERVE": "0",
        ].merging(settings) { $1 }
        return try await KilnCommand.run(words, in: folder, environment, hearsComplaints: true)
    }
}
