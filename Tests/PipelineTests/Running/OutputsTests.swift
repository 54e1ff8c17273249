import Glibc
import Persistence
import SystemPackage
import TestSupport
import Testing

@testable import Pipeline

/// What counts as the output of a tool, of all that it can leave in its folder.
struct OutputsTests {
    @Test func `files count, also those in folders`() throws {
        let outputs = try look { folder in
            try Files.write([1], to: folder.appending("model.obj"))
            try Directory.make(folder.appending("maps"))
            try Files.write([2], to: folder.appending("maps/Größe 5.png"))
        }
        #expect(outputs == ["maps/Größe 5.png", "model.obj"])
    }

    @Test func `a link is refused, wherever it leads`() {
        for target in ["model.obj", "/etc/passwd", "nowhere", "."] {
            #expect(throws: Failure.self) {
                try look { folder in symlink(target, folder.appending("link").string) }
            }
        }
    }

    @Test func `a pipe and a socket are refused`() {
        #expect(throws: Failure.self) { try look { mkfifo($0.appending("pipe").string, 0o600) } }
        #expect(throws: Failure.self) { try look { mknod($0.appending("socket").string, S_IFSOCK | 0o600, 0) } }
    }

    @Test(.enabled(if: getuid() == 0, "only root makes devices")) func `a device is refused`() {
        // The one that is always full: 1, 7.
        #expect(throws: Failure.self) { try look { mknod($0.appending("device").string, S_IFCHR | 0o600, 0x107) } }
    }

    @Test func `a file that has another name elsewhere is refused`() {
        #expect(throws: Failure.self) {
            try look { folder in
                let other = folder.removingLastComponent().appending("other")
                try Files.write([1], to: other)
                link(other.string, folder.appending("model.obj").string)
            }
        }
    }

    @Test(arguments: ["a\nb", "a\u{1B}[2Jb", "a\u{7F}", "a\u{202E}b", "a\u{200B}b", "a\\b"])
    func `a name with what cannot be seen is refused`(name: String) {
        #expect(throws: Failure.self) { try look { try Files.write([1], to: $0.appending(name)) } }
    }

    @Test func `a name that is no text is refused`() {
        #expect(throws: Failure.self) {
            try look { folder in
                let name = Array(folder.string.utf8CString.dropLast()) + [0x2F, CChar(bitPattern: 0xFF), 0]
                close(creat(name, 0o600))
            }
        }
    }

    @Test func `size and number are capped`() throws {
        let fitting = try look(most: 10) { try Files.write(Array(repeating: 0, count: 10), to: $0.appending("a")) }
        #expect(fitting == ["a"])
        #expect(throws: Failure.self) {
            try look(most: 10) { folder in
                for name in ["a", "b"] { try Files.write(Array(repeating: 0, count: 6), to: folder.appending(name)) }
            }
        }
        // A hole takes no room here, and all of it where it is copied to.
        #expect(throws: Failure.self) {
            try look(most: 1 << 20) { folder in
                try Files.write([], to: folder.appending("hole"))
                truncate(folder.appending("hole").string, 1 << 40)
            }
        }
        #expect(throws: Failure.self) {
            try look { folder in
                for name in 0...Outputs.mostFiles { try Files.write([], to: folder.appending("\(name)")) }
            }
        }
    }

    @Test func `folders are nested only so deep`() throws {
        let deep = Array(repeating: "d", count: Outputs.deepest - 1).joined(separator: "/")
        let names = try look { try Directory.make($0.appending(deep)) }
        #expect(names.isEmpty)
        #expect(throws: Failure.self) { try look { try Directory.make($0.appending(deep + "/d")) } }
    }

    @Test func `the folder itself is no link`() {
        #expect(throws: Failure.self) {
            try look { folder in
                rmdir(folder.string)
                symlink("/etc", folder.string)
            }
        }
    }

    /// The names that are found in a folder after `fill`.
    private func look(most: Int64 = .max, fill: (FilePath) throws -> Void) throws -> [String] {
        var template = Array("/tmp/kiln-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SystemError("make a temporary folder") }
        let root = FilePath(platformString: template)
        defer {
            // What cannot be removed is the system's to clean up.
            try? Directory.remove(root)
        }
        let folder = root.appending("out")
        try Directory.make(folder)
        try fill(folder)
        return try Outputs(of: folder, most: most).names
    }
}
