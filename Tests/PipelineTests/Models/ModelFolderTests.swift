import Foundation
import Persistence
import SystemPackage
import TestSupport
import Testing

@testable import Pipeline

struct ModelFolderTests {
    private let folder: ZipFolder

    init() throws { folder = try ZipFolder() }

    @Test func `the root and what lies beside and below it are laid out, and nothing else`() throws {
        let files = try unpack(
            [
                ("model/House.obj", "mtllib house.mtl"), ("model/house.mtl", "map_Kd Maps\\wood.png"),
                ("model/maps/wood.png", "wood"), ("model/notes.txt", "x"), ("other/secret.txt", "y"), ("top.txt", "z"),
                ("model/.DS_Store", "d"),
            ], root: "model/House.obj")
        #expect(
            files == [
                "Maps/wood.png": "wood", "Maps\\wood.png": "wood", "house.mtl": "map_Kd Maps\\wood.png",
                "maps/wood.png": "wood",
                "model.obj": "mtllib house.mtl", "notes.txt": "x",
            ])
    }

    @Test func `a file that only has the root's new name gives way`() throws {
        let files = try unpack([("a.obj", "v 0 0 0"), ("model.obj", "other")], root: "a.obj")
        #expect(files == ["model.obj": "v 0 0 0"])
    }

    @Test func `a file that refers to the root by its own name finds it`() throws {
        let files = try unpack(
            [("a.scad", "use <b.scad>"), ("b.scad", "use <a.scad>")], root: "a.scad", as: "model.scad")
        #expect(files == ["a.scad": "use <b.scad>", "b.scad": "use <a.scad>", "model.scad": "use <b.scad>"])
    }

    @Test func `a name that would need a file for a folder is left out`() throws {
        let files = try unpack([("a.obj", "mtllib maps/a.mtl"), ("maps", "x"), ("sub/a.mtl", "y")], root: "a.obj")
        #expect(files == ["maps": "x", "model.obj": "mtllib maps/a.mtl", "sub/a.mtl": "y"])
    }

    @Test func `a blob that is no sound archive any more is told in words`() throws {
        var archive = try folder.archive([("a.obj", Array("v 0 0 0".utf8))])
        archive[40] ^= 0xFF
        let blob = try folder.file("blob", archive)
        let failure = #expect(throws: Failure.self) {
            try Pipeline.ModelFolder.unpack(
                blob: FilePath(blob), root: "a.obj", into: FilePath("\(folder.path)/in"), as: "model.obj")
        }
        #expect(failure?.code == .invalidInput)
        #expect(failure?.message.hasPrefix("The zip archive is broken") == true)
    }

    @Test func `a folder that has something in it already is not written to`() throws {
        let blob = try folder.file("blob", folder.archive([("a.obj", Array("v 0 0 0".utf8))]))
        let target = FilePath("\(folder.path)/in")
        try Directory.make(target)
        symlink("/etc/passwd", target.appending("model.obj").string)
        #expect(throws: Failure.self) {
            try Pipeline.ModelFolder.unpack(blob: FilePath(blob), root: "a.obj", into: target, as: "model.obj")
        }
    }

    /// The files of the folder, by relative name.
    private func unpack(
        _ files: [(String, String)], root: String, as name: String = "model.obj"
    ) throws -> [String: String] {
        let blob = try folder.file("blob", folder.archive(files.map { ($0.0, Array($0.1.utf8)) }))
        let target = FilePath("\(folder.path)/in")
        try Pipeline.ModelFolder.unpack(blob: FilePath(blob), root: root, into: target, as: name)
        let names = try FileManager.default.subpathsOfDirectory(atPath: target.string)
            .filter { Access.sizeOfFile(target.appending($0)) != nil }
        return try names.reduce(into: [:]) { found, name in
            let file = try FileDescriptor.open(target.appending(name), .readOnly)
            found[name] = try file.closeAfter {
                var bytes = [UInt8](repeating: 0, count: 4096)
                let count = try bytes.withUnsafeMutableBytes { try file.read(into: $0) }
                return String(decoding: bytes.prefix(count), as: UTF8.self)
            }
        }
    }
}
