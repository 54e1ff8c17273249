import Glibc
import SystemPackage
import Testing

@testable import Pipeline

@Suite struct ZipRefusalTests {
    private let folder: ZipFolder
    private let path: String

    init() throws {
        folder = try ZipFolder()
        path = try folder.file("a", Array(repeating: 1, count: 1_000_000))
    }

    @Test(arguments: [
        "", "/", "/etc/passwd", "..", "../a", "a/../b", "a/..", "./a", "a//b", "a/", "a\\b", "C:a", "a\0b", "a\nb",
        String(repeating: "a", count: 65_536),
    ])
    func `a name that could leave its folder is refused`(name: String) throws {
        var writer = ZipWriter { _ in }
        guard case .nameRefused(name) = error(of: { () throws(ZipError) in try writer.add(name, from: path) }) else {
            Issue.record("taken")
            return
        }
    }

    @Test func `a name is taken once`() throws {
        var writer = ZipWriter { _ in }
        try writer.add("a/b", from: path)
        guard case .nameTwice("a/b") = error(of: { () throws(ZipError) in try writer.add("a/b", from: path) }) else {
            Issue.record("taken twice")
            return
        }
    }

    @Test func `what is not an ordinary file is refused`() throws {
        symlink(path, "\(folder.path)/link")
        mkfifo("\(folder.path)/pipe", 0o600)
        for name in ["link", "pipe", "."] {
            var writer = ZipWriter { _ in }
            let error = error { () throws(ZipError) in try writer.add("x", from: "\(folder.path)/\(name)") }
            guard case .notAFile("x") = error else {
                Issue.record("taken: \(name)")
                continue
            }
        }
    }

    @Test func `a missing file is told by its name in the archive, and the others are written`() throws {
        var archive: [UInt8] = []
        var writer = ZipWriter { archive += $0 }
        let error = error { () throws(ZipError) in try writer.add("maps/a.png", from: "\(folder.path)/none") }
        #expect(error?.sentence == "\"maps/a.png\" cannot be read: No such file or directory.")

        try writer.add("b", from: path)
        try writer.finish()
        #expect(try ZipListing.read(archive).map(\.name) == ["b"])
    }

    @Test func `a full disk is told by its errno`() throws {
        let full = try FileDescriptor.open("/dev/full", .writeOnly)
        defer { close(full.rawValue) }
        var writer = ZipWriter(to: full.rawValue)
        guard case .unwritable(.noSpace) = error(of: { () throws(ZipError) in try writer.add("a", from: path) }) else {
            Issue.record("written")
            return
        }
    }

    @Test(arguments: ["a.png", "a.obj"]) func `a file that shrinks while it is read is refused`(name: String) throws {
        let path = try folder.file("b", ZipFolder.noise(1_000_000))
        var writer = ZipWriter { _ in truncate(path, 300_000) }
        guard case .changed(name) = error(of: { () throws(ZipError) in try writer.add(name, from: path) }) else {
            Issue.record("taken")
            return
        }
    }

    @Test func `a stored file that changes between its checksum and its bytes is refused`() throws {
        let path = try folder.file("b", [1, 2, 3])
        let target = try FileDescriptor.open(path, .writeOnly)
        defer { close(target.rawValue) }
        var writer = ZipWriter { _ in try target.writeAll(toAbsoluteOffset: 0, [3, 2, 1]) }
        guard case .changed = error(of: { () throws(ZipError) in try writer.add("b.png", from: path) }) else {
            Issue.record("taken")
            return
        }
    }

    private struct Stop: Error {}

    @Test func `an archive that was broken off is not finished`() throws {
        var writer = ZipWriter { _ in throw Stop() }
        guard case .stopped(is Stop) = error(of: { () throws(ZipError) in try writer.add("a", from: path) }) else {
            Issue.record("not stopped")
            return
        }
        do {
            try writer.finish()
            Issue.record("finished")
        } catch ZipError.broken {}
    }

    private func error(of action: () throws(ZipError) -> Void) -> ZipError? {
        do {
            try action()
            return nil
        } catch {
            return error
        }
    }
}
