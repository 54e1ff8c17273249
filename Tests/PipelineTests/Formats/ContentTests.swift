import Glibc
import Pipeline
import SystemPackage
import TestSupport
import Testing

struct ContentTests {
    @Test func `a file on disk is seen as its bytes are, and its position stays`() throws {
        let bytes = Samples.obj(triangles: 20_000)
        let file = try temporary(holding: bytes)
        try file.closeAfter {
            let content = try Content(file)
            #expect(content.head == Array(bytes.prefix(Content.headSize)))
            #expect(content.size == Int64(bytes.count))
            #expect(recognise(content, filename: nil) == .recognised(.obj))
            #expect(try file.seek(offset: 0, from: .current) == 0)
        }
    }

    @Test func `references of a file on disk are found to its end`() throws {
        let filler = [UInt8](repeating: 0x20, count: 1_000_000)
        let file = try temporary(holding: filler + Array("\nmtllib ../late.mtl".utf8))
        try file.closeAfter {
            let found = try References.list(in: try Content(file), of: .obj)
            #expect(found.map(\.verdict) == [.unsafe("climbs out of its folder")])
        }
    }

    @Test func `a file that shrinks while it is read ends early and does no harm`() throws {
        let file = try temporary(holding: Samples.glb() + [UInt8](repeating: 0x20, count: 1_000_000))
        try file.closeAfter {
            let content = try Content(file)
            #expect(ftruncate(file.rawValue, 30) == 0)
            #expect(throws: UnreadableReferences.self) { try References.list(in: content, of: .glb) }
        }
    }

    /// A file without a name, gone when it is closed.
    private func temporary(holding bytes: [UInt8]) throws -> FileDescriptor {
        var template = Array("/tmp/content-XXXXXX".utf8CString)
        let raw = mkstemp(&template)
        guard raw >= 0 else { throw Errno(rawValue: errno) }
        unlink(template)
        let file = FileDescriptor(rawValue: raw)
        try file.writeAll(toAbsoluteOffset: 0, bytes)
        return file
    }
}
