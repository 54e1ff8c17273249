import Glibc
import Persistence
import SystemPackage
import Testing

@testable import Pipeline

@Suite struct ZipWriterTests {
    private let folder: ZipFolder
    private let files: [(name: String, content: [UInt8])]

    init() throws {
        folder = try ZipFolder()
        files = [
            ("out.obj", Array(repeating: 0x76, count: 30_000)), ("maps/größe.PNG", try ZipFolder.noise(20_000)),
            ("out.mtl", []), ("out.bin", try ZipFolder.noise(20_000)),
        ]
    }

    @Test func `the directory lists the files in the order given, with their sizes and checksums`() throws {
        let listing = try ZipListing.read(folder.archive(files))

        #expect(listing.map(\.name) == files.map(\.name))
        #expect(listing.map(\.size) == files.map(\.content.count))
        #expect(listing.map(\.checksum) == files.map(\.content.slowChecksum))
    }

    @Test func `what is compressed already is stored, the rest deflated`() throws {
        let archive = try folder.archive(files)
        let listing = try ZipListing.read(archive)

        #expect(listing.map(\.method) == [8, 0, 0, 8])
        #expect(listing[0].compressedSize < listing[0].size / 100)
        let start = listing[1].offset + 30 + files[1].name.utf8.count
        #expect(Array(archive[start...].prefix(20_000)) == files[1].content)
    }

    @Test func `only deflated files have a data descriptor, and all names are UTF-8`() throws {
        #expect(try ZipListing.read(folder.archive(files)).map(\.flags) == [0x808, 0x800, 0x800, 0x808])
    }

    @Test func `the same files and time give the same bytes`() throws {
        let noon = Instant(rawValue: 1_795_262_400_000)
        #expect(try folder.archive(files, modified: noon) == folder.archive(files, modified: noon))
    }

    @Test(
        arguments: [
            (1_795_262_400_000, 0x5D75_6000), (0, 0x0021_0000), (-1, 0x0021_0000), (.max, 0xFF9F_BF7D),
        ] as [(Int64, UInt32)])
    func `the time given is the time of every file, within what a zip can tell`(milliseconds: Int64, field: UInt32)
        throws
    {
        let archive = try folder.archive(files, modified: Instant(rawValue: milliseconds))
        #expect(try ZipListing.read(archive).map(\.modified) == Array(repeating: field, count: 4))
    }

    @Test func `an archive of nothing is an archive`() throws {
        #expect(try ZipListing.read(folder.archive([])).isEmpty)
    }

    @Test func `a descriptor is written to, and one is read from its beginning without moving`() throws {
        let source = try FileDescriptor.open(folder.file("a", Array("solid".utf8)), .readOnly)
        let target = try FileDescriptor.open(
            "\(folder.path)/a.zip", .readWrite, options: .create, permissions: .ownerReadWrite)
        defer {
            close(source.rawValue)
            close(target.rawValue)
        }
        try source.seek(offset: 3, from: .start)
        var writer = ZipWriter(to: target.rawValue)
        try writer.add("a.stl", from: source.rawValue)
        try writer.finish()

        var bytes = [UInt8](repeating: 0, count: Int(try target.seek(offset: 0, from: .current)))
        _ = try bytes.withUnsafeMutableBytes { try target.read(fromAbsoluteOffset: 0, into: $0) }
        #expect(try ZipListing.read(bytes).map(\.checksum) == [Array("solid".utf8).slowChecksum])
        #expect(try source.seek(offset: 0, from: .current) == 3)
    }

    @Test func `files pass through in pieces`() throws {
        let path = try folder.file("a", Array(repeating: 0, count: 3_000_000))
        var largest = 0
        var writer = ZipWriter { largest = max(largest, $0.count) }
        try writer.add("a.zip", from: path)
        try writer.finish()

        #expect(largest == 256 * 1024)
    }

    private static let limits = [ZipLimits(), ZipLimits(bytes: 1000, entries: 2)]

    @Test(.enabled(if: ZipReaders.hasPython), arguments: limits)
    func `Python reads every file back`(limits: ZipLimits) throws {
        let files = files + [("large.bin", try ZipFolder.noise(700_000)), ("large.png", try ZipFolder.noise(700_000))]
        try folder.file("all.zip", folder.archive(files, limits: limits))
        try folder.file("read.py", Array(Self.script.utf8))

        let (output, status) = try folder.shell("PYTHONIOENCODING=utf-8 /usr/bin/python3 -I read.py")

        #expect(status == 0)
        #expect(output == files.map { "\($0.name)\n" }.joined())
    }

    /// The files lie beside the archive, named by their order.
    private static let script = """
        import zipfile
        archive = zipfile.ZipFile("all.zip")
        for number, entry in enumerate(archive.infolist()):
            assert archive.read(entry) == open(str(number), "rb").read()
            print(entry.filename)
        """

    @Test(.enabled(if: ZipReaders.hasUnzip), arguments: limits)
    func `unzip finds nothing wrong`(limits: ZipLimits) throws {
        try folder.file("all.zip", folder.archive(files, limits: limits))

        let (output, status) = try folder.shell("/usr/bin/unzip -tq all.zip")

        #expect(status == 0, "\(output)")
    }
}
