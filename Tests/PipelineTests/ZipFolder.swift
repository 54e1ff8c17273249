import FoundationEssentials
import Glibc
import Persistence
import SystemPackage
import Testing

@testable import Pipeline

/// A temporary folder with files to pack, which goes away with the value.
final class ZipFolder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/zip-\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }

    deinit {
        // Left behind, it is only litter in the system's temporary folder.
        try? FileManager.default.removeItem(atPath: path)
    }

    @discardableResult func file(_ name: String, _ content: [UInt8]) throws -> String {
        let path = "\(path)/\(name)"
        try #require(FileManager.default.createFile(atPath: path, contents: Data(content)))
        return path
    }

    /// Bytes that deflate cannot make fewer.
    static func noise(_ count: Int) throws -> [UInt8] {
        let source = try FileDescriptor.open("/dev/urandom", .readOnly)
        defer { close(source.rawValue) }
        var bytes = [UInt8](repeating: 0, count: count)
        let read = try bytes.withUnsafeMutableBytes { try source.read(into: $0) }
        try #require(read == count)
        return bytes
    }

    /// The archive of `files`, in their order, each under its own name.
    func archive(
        _ files: [(name: String, content: [UInt8])], modified: Instant = ZipWriter.earliest,
        limits: ZipLimits = ZipLimits()
    ) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var writer = ZipWriter(output: ZipOutput { bytes += $0 }, modified: modified, limits: limits)
        for (number, file) in files.enumerated() {
            try writer.add(file.name, from: self.file("\(number)", file.content))
        }
        try writer.finish()
        return bytes
    }

    /// What a program printed, with the exit status of the shell that ran it.
    func shell(_ command: String) throws -> (output: String, status: Int32) {
        let pipe = try #require(popen("cd '\(path)' && \(command) 2>&1", "re"))
        var output: [UInt8] = []
        while case let byte = fgetc(pipe), byte != EOF { output.append(UInt8(truncatingIfNeeded: byte)) }
        return (String(decoding: output, as: UTF8.self), pclose(pipe))
    }
}

/// Other people's readers of archives, where they are installed.
enum ZipReaders {
    static let hasPython = access("/usr/bin/python3", X_OK) == 0
    static let hasUnzip = access("/usr/bin/unzip", X_OK) == 0
}
