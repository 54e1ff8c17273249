import Foundation
import Glibc
import Persistence
import SystemPackage
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5)))
struct DataFolderTests {
    @Test func `folders are for us alone, and so are the files in them`() async throws {
        try await withTemporaryStore { store in
            let job = try await store.enqueueSample()
            let staged = store.blobs.stage(for: Job.ID())
            let upload = try await staged.file()
            let source = store.blobs.path(of: .source(of: job))
            let root = store.folder.root

            for folder in [store.folder.staging, store.folder.work, source.removingLastComponent()] {
                #expect(try mode(of: folder) == 0o700)
            }
            for file in [root.appending("lock"), upload, source] {
                #expect(try mode(of: file) == 0o600)
            }
        }
    }

    @Test func `a file taken over from a tool is for us alone`() async throws {
        try await withTemporaryStore { store in
            let file = store.folder.work.appending("made")
            try write("abc", to: file)
            try await shell("chmod 6755 '\(file)'")

            let blob = try store.blobs.adopt(file, as: .output(of: Job.ID(), attempt: 1))

            #expect(try mode(of: store.blobs.path(of: blob.key)) == 0o600)
        }
    }

    @Test func `a data folder that is not there yet is made, for us alone`() async throws {
        try await withTemporaryFolder { folder in
            let root = folder.appending("a").appending("b")

            try await withStore(in: root) { _ in }

            #expect(try mode(of: root) == 0o700)
        }
    }

    @Test func `a second store on the same folder is refused and told who holds it`() async throws {
        try await withTemporaryStore { store in
            let refusal = await #expect(throws: DataFolderInUse.self) {
                try await Store.open(DataFolder(store.folder.root), Store.Options(version: "test"))
            }

            #expect(refusal?.description.contains("(process \(getpid()))") == true)
            #expect(refusal?.description.contains(store.folder.root.string) == true)
        }
    }

    @Test func `a folder is free again when its store is gone`() async throws {
        try await withTemporaryFolder { folder in
            try await withStore(in: folder) { _ in }
            try await withStore(in: folder) { _ in }
        }
    }

    @Test func `the lock of another process holds until it dies, however it dies`() async throws {
        try await withTemporaryFolder { folder in
            let holder = try LockHolder(folder)
            defer { holder.kill() }

            let refusal = await #expect(throws: DataFolderInUse.self) {
                try await Store.open(DataFolder(folder), Store.Options(version: "test"))
            }
            #expect(refusal?.description.contains("(process \(holder.processId))") == true)

            holder.kill()
            try await withStore(in: folder) { _ in }
        }
    }

    @Test func `a relative folder is made absolute`() {
        #expect(DataFolder("some/where").root.isAbsolute)
        #expect(DataFolder("/some/where").root == "/some/where")
    }

    private func mode(of path: FilePath) throws -> mode_t {
        var status = stat()
        try #require(lstat(path.string, &status) == 0)
        return status.st_mode & 0o7777
    }
}

/// Another process that holds a data folder's lock as a server does.
private struct LockHolder {
    private let process = Process()

    /// Returns once it has the lock.
    init(_ folder: FilePath) throws {
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "exec 9>'\(folder)/lock'; flock 9; echo $$ >&9; echo locked; exec sleep 600"]
        process.standardOutput = output
        try process.run()
        _ = output.fileHandleForReading.availableData
    }

    var processId: Int32 { process.processIdentifier }

    /// As `kill -9` does; returns when it is gone.
    func kill() {
        guard process.isRunning else { return }
        Glibc.kill(processId, SIGKILL)
        process.waitUntilExit()
    }
}
