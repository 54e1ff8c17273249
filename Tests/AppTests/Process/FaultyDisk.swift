import Foundation
import SystemPackage

/// The disk of `Tests/Faults/disk.c` under a server's data: what fails on it, and what a power cut leaves of it.
final class FaultyDisk: Sendable {
    private let folder: FilePath
    private let library: FilePath
    private let keepsShadow: Bool

    /// Where each thing stands in the memory that is shared with the server.
    enum Field: Int {
        case databaseSync = 0
        case databaseWrite = 4
        case fileSync = 8
        case fileWrite = 12
        case forgetsFolders = 16
        case syncsAfterFailure = 20
    }

    /// - Parameters:
    ///   - folder: the working directory of the server; its data is in `data` there.
    ///   - keepsShadow: whether power cuts are to come.
    init(in folder: FilePath, keepsShadow: Bool = false) async throws {
        self.folder = folder
        self.keepsShadow = keepsShadow
        library = try await Preload.compile("disk", in: folder)
        try Data(count: 64).write(to: URL(filePath: control.string))
        if keepsShadow { try renewShadow() }
    }

    private var control: FilePath { folder.appending("disk.control") }
    private var shadow: FilePath { folder.appending("disk.shadow") }
    private var data: FilePath { folder.appending("data") }

    var settings: [String: String] {
        let settings = [
            "LD_PRELOAD": library.string, "FAULTY_DISK": data.string, "FAULTY_CONTROL": control.string,
        ]
        return keepsShadow ? settings.merging(["FAULTY_SHADOW": shadow.string]) { $1 } : settings
    }

    func set(_ field: Field, to value: Int32) throws {
        let file = try FileDescriptor.open(control, .readWrite)
        try file.closeAfter {
            _ = try withUnsafeBytes(of: value) { try file.writeAll(toAbsoluteOffset: Int64(field.rawValue), $0) }
        }
    }

    func value(of field: Field) throws -> Int32 {
        let file = try FileDescriptor.open(control, .readOnly)
        return try file.closeAfter {
            var value: Int32 = 0
            _ = try withUnsafeMutableBytes(of: &value) {
                try file.read(fromAbsoluteOffset: Int64(field.rawValue), into: $0)
            }
            return value
        }
    }

    /// Throws away what no sync has made durable. The server is dead.
    func cutPower() throws {
        // Written last at each start. Without it the server died before it had changed anything.
        guard FileManager.default.fileExists(atPath: shadow.appending("d1").string) else { return try renewShadow() }
        let remains = folder.appending("data.remains")
        try restore(folder: 1, to: remains)
        try FileManager.default.removeItem(atPath: data.string)
        try FileManager.default.moveItem(atPath: remains.string, toPath: data.string)
        try renewShadow()
    }

    private func renewShadow() throws {
        if FileManager.default.fileExists(atPath: shadow.string) {
            try FileManager.default.removeItem(atPath: shadow.string)
        }
        try FileManager.default.createDirectory(atPath: shadow.string, withIntermediateDirectories: false)
    }

    private func restore(folder number: Int, to path: FilePath) throws {
        try FileManager.default.createDirectory(
            atPath: path.string, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        // A folder that was never synced is empty.
        let list = try? String(contentsOfFile: shadow.appending("d\(number)").string, encoding: .utf8)
        for line in list?.split(separator: "\n") ?? [] {
            let words = line.split(separator: " ", maxSplits: 2)
            guard words.count == 3, let number = Int(words[1]) else { continue }
            let target = path.appending(String(words[2]))
            if words[0] == "d" {
                try restore(folder: number, to: target)
            } else {
                try restore(file: number, to: target)
            }
        }
    }

    /// A file that was never synced is empty, if it has a name at all.
    private func restore(file number: Int, to path: FilePath) throws {
        let kept = shadow.appending("f\(number)").string
        guard FileManager.default.fileExists(atPath: kept) else {
            return try Data().write(to: URL(filePath: path.string))
        }
        try FileManager.default.copyItem(atPath: kept, toPath: path.string)
    }
}

/// Libraries of ours that are loaded into the server before all others.
enum Preload {
    /// Compiles `Tests/Faults/<name>.c`.
    static func compile(_ name: String, in folder: FilePath) async throws -> FilePath {
        let source = FilePath(#filePath).removingLastComponent().appending("../../Faults/\(name).c")
        let library = folder.appending("\(name).so")
        let said = try await Program.run(
            "cc", ["-O1", "-shared", "-fPIC", "-o", library.string, source.lexicallyNormalized().string, "-ldl"])
        guard FileManager.default.fileExists(atPath: library.string) else { throw NotCompiled(complaint: said.error) }
        return library
    }
}

struct NotCompiled: Error {
    let complaint: String
}
