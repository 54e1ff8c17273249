import Foundation
import Logging
import Persistence
import SystemPackage
import TestSupport
import Testing

@testable import App

/// The files of `LOG_DIR`.
@Suite(.timeLimit(.minutes(5)))
struct LogFileTests {
    private func text(_ path: FilePath) -> String? {
        try? String(contentsOfFile: path.string, encoding: .utf8)
    }

    private func line(_ text: String) -> [UInt8] { Array((text + "\n").utf8) }

    private func write(_ text: String, to path: FilePath) throws {
        try text.write(toFile: path.string, atomically: false, encoding: .utf8)
    }

    @Test func `a file that is full becomes the first of those that are kept, and the oldest goes`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending("a.log")
            var file = try LogFile(path, .init(size: 10, age: .seconds(60), keep: 2))
            try file.write(["one-", "two-", "three-", "four-"].map { line($0 + "xxxx") })
            #expect(text(path) == "four-xxxx\n")
            #expect(
                text(folder.appending("a.log.1")) == "three-xxxx\n" && text(folder.appending("a.log.2")) == "two-xxxx\n"
            )
            #expect(text(folder.appending("a.log.3")) == nil)
        }
    }

    @Test func `a line is never cut in two, and one that is too long has a file of its own`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending("a.log")
            var file = try LogFile(path, .init(size: 10, age: .seconds(60), keep: 9))
            try file.write(["aaa", String(repeating: "b", count: 50), "ccc", "ddd"].map(line))
            #expect(text(path) == "ccc\nddd\n" && text(folder.appending("a.log.2")) == "aaa\n")
            #expect(text(folder.appending("a.log.1"))?.count == 51)
        }
    }

    @Test(arguments: [
        "2026-01-01T00:00:00.000Z INFO x\n", "{\"timestamp\":\"2026-01-01T00:00:00.000Z\",\"level\":\"info\"}\n",
    ])
    func `how old a file is, its first line tells, also after a restart`(first: String) async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending("a.log")
            try write(first, to: path)
            let long = LogFile.Rotation(size: 1000, age: .seconds(3_000_000_000), keep: 3)
            var file = try LogFile(path, long)
            #expect(text(path) == first)
            let began = try #require(Instant(rfc3339: "2026-01-01T00:00:00.000Z"))
            try file.write([line("b")], at: began + .seconds(1))
            #expect(text(path) == first + "b\n")
            _ = try LogFile(path, .init(size: 1000, age: .seconds(1), keep: 3))
            #expect(text(path) == "" && text(folder.appending("a.log.1")) == first + "b\n")
        }
    }

    @Test func `a file that was renamed is let go when it is opened anew`() async throws {
        try await withTemporaryFolder { folder in
            let (path, moved) = (folder.appending("a.log"), folder.appending("moved"))
            var file = try LogFile(path, .init(size: 1000, age: .seconds(60), keep: 2))
            try file.write([line("a")])
            try FileManager.default.moveItem(atPath: path.string, toPath: moved.string)
            try file.write([line("b")])
            try file.reopen()
            try file.write([line("c")])
            #expect(text(moved) == "a\nb\n" && text(path) == "c\n")
        }
    }

    @Test(arguments: [0, 999, 951_782_400_001, 1_764_000_000_123, 4_102_444_800_000] as [Int64])
    func `a time is read as it was written`(milliseconds: Int64) {
        let instant = Instant(rawValue: milliseconds)
        #expect(Instant(rfc3339: instant.description) == instant)
        #expect(Instant(rfc3339: String(instant.description.dropLast())) == nil)
    }

    @Test func `errors stand in their own file too, and a disk that is full ends nothing`() async throws {
        try await withTemporaryFolder { folder in
            let rotation = LogFile.Rotation(size: 1 << 20, age: .seconds(60), keep: 2)
            let terminal = folder.appending("terminal")
            let descriptor = try FileDescriptor.open(
                terminal, .writeOnly, options: [.create, .append], permissions: .ownerReadWrite)
            let output = LogOutput(
                terminal: descriptor.rawValue, combined: try LogFile(folder.appending("combined.log"), rotation),
                error: try LogFile("/dev/full", rotation))
            let queue = LogQueue(output, LogFormat(isJSON: true, isColoured: false))
            queue.write(LogLine(.info, "one"), to: [.terminal, .combined])
            queue.write(LogLine(.error, "two"), to: [.terminal, .combined, .error])
            queue.write(LogLine(.info, "three"), to: [.terminal, .combined])
            queue.flush(atMost: .seconds(30), isLast: true)
            try descriptor.close()
            let messages = try #require(text(folder.appending("combined.log"))).matches(of: /"message":"([^"]*)"/)
            #expect(messages.map(\.output.1) == ["one", "two", "three"])
            #expect(text(terminal)?.contains("The log files cannot be written: ") == true)
        }
    }
}
