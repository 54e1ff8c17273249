import Foundation
import Persistence
import SystemPackage
import TestSupport
import Testing

@testable import Pipeline

/// The reader of strangers' archives, and what lays them out.
struct ZipFuzzTests {
    private static let samples: [[UInt8]] = [
        Samples.zip([
            ("a/box.obj", Array("mtllib box.mtl\n".utf8) + Samples.obj()), ("a/box.mtl", [0x0A]),
            ("b.png", Samples.png()),
        ]),
        Samples.zip([
            ("scene.gltf", Samples.gltf(bufferURI: "box.bin")), ("box.bin", [UInt8](repeating: 1, count: 840)),
        ]),
        ForgedZip(.init("a.obj", Samples.obj()), .init("b/", []), .init("c.txt")).bytes, Samples.threeMF(),
        Sample.of(.usdz) ?? [], Sample.of(.threeMF) ?? [],
    ]

    @Test func `no damaged archive stops the zip reader, or lays a file outside its folder`() async throws {
        var caps = ZipCaps()
        caps.bytes = 16 << 20
        try await withTemporaryFolder { folder in
            let (file, home) = (folder.appending("a.zip"), folder.appending("home"))
            try Fuzz("zip", samples: Self.samples, rounds: 250).run { bytes, _, _ in
                try Data(bytes).write(to: URL(filePath: file.string))
                // Whatever is read or thrown, it comes back.
                try? Self.readAll(file, caps)
                try? PackageCheck.check(file, caps)
                for root in ["a/box.obj", "scene.gltf"] {
                    let target = home.appending("model")
                    try Directory.make(home)
                    try? Pipeline.ModelFolder.unpack(
                        blob: file, root: root, into: target, as: "model.\(root.suffix(4))", caps: caps)
                    try Directory.remove(home)
                }
                #expect(try Directory.names(in: folder) == ["a.zip"])
            }
        }
    }

    private static func readAll(_ file: FilePath, _ caps: ZipCaps) throws {
        let reader = try ZipReader(file, caps: caps)
        var total: Int64 = 0
        for member in reader.members {
            var stream = try reader.stream(member)
            while let piece = try stream.next() { total += Int64(piece.count) }
        }
        #expect(total <= caps.bytes)
    }
}
