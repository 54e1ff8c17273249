import SystemPackage
import TestSupport
import Testing

@testable import Pipeline

@Suite struct ZipReaderTests {
    private let folder: ZipFolder
    private let files: [(name: String, content: [UInt8])]

    init() throws {
        folder = try ZipFolder()
        files = [
            ("out.obj", Array(repeating: 0x76, count: 30_000)), ("maps/größe.PNG", try ZipFolder.noise(400_000)),
            ("out.mtl", []), ("out.bin", try ZipFolder.noise(700_000)),
        ]
    }

    @Test(arguments: [ZipLimits(), ZipLimits(bytes: 1000, entries: 2)])
    func `what our writer packed comes out again, with narrow fields and wide ones`(limits: ZipLimits) throws {
        let read = try ZipAttempt.contents(of: folder.archive(files, limits: limits))
        #expect(read.map(\.name) == files.map(\.name))
        #expect(read.map(\.content) == files.map(\.content))
    }

    @Test(.enabled(if: ZipReaders.hasPython), arguments: ["ZIP_STORED", "ZIP_DEFLATED"])
    func `what Python packed comes out again, without the folders`(method: String) throws {
        let script = """
            import zipfile
            with zipfile.ZipFile("python.zip", "w", zipfile.\(method)) as archive:
                archive.mkdir("maps") if hasattr(archive, "mkdir") else archive.writestr("maps/", "")
                archive.writestr("maps/größe.png", b"x" * 70000)
                with archive.open("large.bin", "w", force_zip64=True) as file: file.write(bytes(range(256)) * 1000)
                archive.comment = b"made by Python"
            """
        try folder.file("write.py", Array(script.utf8))
        let (output, status) = try folder.shell("/usr/bin/python3 -I write.py")
        try #require(status == 0, "\(output)")

        let reader = try ZipReader(FilePath("\(folder.path)/python.zip"))
        #expect(reader.members.map(\.name) == ["maps/größe.png", "large.bin"])
        let content = try reader.read(try #require(reader["large.bin"]), limit: 256_000)
        #expect(content == (0..<1000).flatMap { _ in UInt8.min ... .max })
    }

    @Test(.enabled(if: ZipReaders.hasPython))
    func `an archive that was written into a pipe is read`() throws {
        let script = """
            import sys, zipfile
            class Pipe:
                def write(self, bytes): return sys.stdout.buffer.write(bytes)
                def flush(self): pass
            with zipfile.ZipFile(Pipe(), "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr("a.txt", b"x" * 70000)
                archive.writestr(zipfile.ZipInfo("b.txt"), b"y" * 70000)
            """
        try folder.file("write.py", Array(script.utf8))
        try #require(folder.shell("/usr/bin/python3 -I write.py > piped.zip").status == 0)

        let reader = try ZipReader(FilePath("\(folder.path)/piped.zip"))
        #expect(try reader.members.map { try reader.read($0, limit: 70_000).first } == [0x78, 0x79])
    }

    @Test func `names that are no UTF-8 are read as the DOS they come from`() throws {
        var entry = ForgedZip.Entry("gr")
        entry.name += [0x94, 0xE1, 0x65]
        entry.flags = 0
        #expect(try ZipAttempt.contents(of: ForgedZip(entry).bytes).map(\.name) == ["größe"])
    }

    @Test func `files come in pieces, as many streams at a time as wanted`() throws {
        let path = try folder.file("a.zip", folder.archive(files))
        let reader = try ZipReader(FilePath(path))
        var one = try reader.stream(reader.members[1]), other = try reader.stream(reader.members[3])
        var sizes = [0, 0]
        while sizes.reduce(0, +) < 1_100_000 {
            let counts = [try one.next()?.count ?? 0, try other.next()?.count ?? 0]
            #expect(counts.allSatisfy { $0 <= 256 * 1024 })
            for index in 0...1 { sizes[index] += counts[index] }
        }
        #expect(sizes == [400_000, 700_000])
    }

    @Test func `reading stops at the limit given, before it begins`() throws {
        let reader = try ZipReader(FilePath(folder.file("a.zip", folder.archive(files))))
        #expect(throws: ZipFault.self) { try reader.read(reader.members[0], limit: 29_999) }
        #expect(try reader.read(reader.members[0], limit: 30_000).count == 30_000)
    }

    @Test func `an archive of nothing has no members`() throws {
        #expect(try ZipAttempt.contents(of: folder.archive([])).isEmpty)
    }

    @Test func `a missing file, a folder and a link are not archives`() throws {
        let path = try folder.file("a.zip", folder.archive(files))
        let (_, status) = try folder.shell("ln -s '\(path)' link")
        try #require(status == 0)
        for name in ["none", ".", "link"] {
            #expect(throws: ZipFault.self) { try ZipReader(FilePath("\(folder.path)/\(name)")) }
        }
    }
}
