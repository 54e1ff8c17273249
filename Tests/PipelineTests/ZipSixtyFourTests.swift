import Glibc
import SystemPackage
import Testing

@testable import Pipeline

@Suite struct ZipSixtyFourTests {
    private let folder: ZipFolder
    private let small = Array("glb".utf8), large = [UInt8](repeating: 7, count: 2000)

    init() throws {
        folder = try ZipFolder()
    }

    @Test func `sizes, offsets and counts over the limit take the wide fields`() throws {
        let files = [("a.png", large), ("b.glb", large), ("c.png", small), ("d.obj", small)]
        let listing = try ZipListing.read(folder.archive(files, limits: ZipLimits(bytes: 1000, entries: 3)))

        #expect(listing.map(\.size) == [2000, 2000, 3, 3])
        #expect(listing[0].compressedSize == 2000)
        #expect(listing[1].offset == 30 + 5 + 20 + 2000)
    }

    @Test func `a file just under the limit takes the narrow fields`() throws {
        let archive = try folder.archive([("a.png", large)], limits: ZipLimits(bytes: 2001))
        #expect(archive.number(at: 4, 2) == 20)
        #expect(archive.number(at: 22, 4) == 2000)
    }

    @Test func `more than 65,535 files are listed`() throws {
        let source = try FileDescriptor.open(folder.file("empty", []), .readOnly)
        defer { close(source.rawValue) }
        var archive: [UInt8] = []
        var writer = ZipWriter { archive += $0 }
        for number in 0..<65_536 { try writer.add("\(number)", from: source.rawValue) }
        try writer.finish()

        #expect(archive.number(at: archive.count - 12, 2) == 0xFFFF)
        #expect(archive.number(at: archive.count - 22 - 20 - 56 + 32, 8) == 65_536)
    }
}
