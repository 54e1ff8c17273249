import Persistence
import SystemPackage
import TestSupport
import Testing

@testable import Pipeline

/// gltfpack is the truth of what our decoder has to read.
@Suite(.enabled(if: RealTool.isInstalled(.gltfpack), "gltfpack is not installed"))
struct GltfpackTests {
    private static let models = ["box": Samples.glb(), "tetrahedron": GLTFSample.glb(), "ball": ball()]
    /// How it is called, and how many bits a position has then.
    private static let calls: [(arguments: [String], bits: Int)] = [
        (["-c"], 14), (["-cc"], 14), (["-c", "-vpn"], 14), (["-cc", "-vp", "8"], 8), (["-vpn", "-vp", "8"], 8),
        (["-cc", "-kn", "-km", "-ke", "-vp", "16"], 16), (["-cc", "-noq"], 23),
    ]

    @Test(arguments: models.keys.sorted(), calls)
    func `what it compresses measures as before`(model: String, call: (arguments: [String], bits: Int)) async throws {
        let source = try #require(Self.models[model])
        let before = try #require(try measured(source, as: .glb))
        let after = try await withPacked(source, call.arguments) { path in
            try Reading.measure(path.string, format: .glb)
        }
        #expect(abs((after?.triangles ?? 0) - (before.triangles ?? 0)) <= (before.triangles ?? 0) / 50)
        let (old, new) = (try #require(before.extents), try #require(after?.extents))
        let step = (old.max() ?? 0) / Double(1 << call.bits - 1)
        for (found, expected) in zip(new, old) { #expect(abs(found - expected) <= 3 * step) }
    }

    /// With `-cf` it leaves the same data uncompressed beside the model. Triangles may begin at another corner there.
    @Test(arguments: models.keys.sorted()) func `every byte is decoded as it was`(model: String) async throws {
        try await withPacked(try #require(Self.models[model]), ["-cc", "-cf"]) { path in
            let budget = ReadBudget(ReadCaps())
            let file = try ModelFile.open(path.string, budget: budget)
            let packed = try #require(try GLTFModel(file, binary: true, budget: budget))
            for (index, view) in packed.document.views.enumerated() {
                guard case .meshopt(let compressed) = view.compression else { continue }
                let decoded = try #require(try packed.bytes(ofView: index, budget: budget)).bytes
                let buffer = packed.buffers.all[view.buffer]
                let (found, expected) = (try load(decoded, 0, view.length), try load(buffer, view.offset, view.length))
                if compressed.mode == .triangles {
                    #expect(turned(found, compressed.stride) == turned(expected, compressed.stride))
                } else {
                    #expect(found == expected)
                }
            }
            #expect(packed.document.views.count >= 2)
        }
    }

    private func load(_ bytes: GLTFBuffers.Bytes, _ offset: Int, _ length: Int) throws -> [UInt8] {
        var copy = [UInt8](repeating: 0, count: length)
        try copy.withMutableBytes { target throws(ReadError) in try bytes.copy(at: offset, into: target) }
        return copy
    }

    /// Triangles of indices that begin with their lowest one.
    private func turned(_ bytes: [UInt8], _ size: Int) -> [[Int]] {
        stride(from: 0, to: bytes.count, by: 3 * size).map { start in
            let corners = (0..<3).map { corner in
                bytes[start + corner * size..<start + (corner + 1) * size].reversed().reduce(0) { $0 << 8 | Int($1) }
            }
            let lowest = corners.indices.min { corners[$0] < corners[$1] } ?? 0
            return Array(corners[lowest...] + corners[..<lowest])
        }
    }

    private func withPacked<Value: Sendable>(
        _ source: [UInt8], _ arguments: [String], _ body: (FilePath) throws -> Value
    ) async throws -> Value {
        let converter = Converter(name: "gltfpack", tool: .gltfpack, reads: [.glb], writes: [.glb]) { files in
            Command(arguments + ["-i", files.source, "-o", files.result])
        }
        return try await withTemporaryFolder { folder in
            let tool = try await RealTool(converter, in: folder)
            let outcome = try await tool.run(source, .glb, to: .glb)
            try #require(outcome.failure == nil, "\(outcome.log)")
            return try body(outcome.out)
        }
    }

    /// Without caps, 60 × 40 squares, under a node that turns, moves and stretches it.
    private static func ball() -> [UInt8] {
        let (columns, rows) = (60, 40)
        var points: [[Float]] = []
        var indices: [UInt32] = []
        for row in 0...rows {
            for column in 0...columns {
                let (u, v) = (Float(column) / Float(columns) * 2 - 1, Float(row) / Float(rows) * 2 - 1)
                points.append([u, v * (1 - u * u), (1 - v * v) * (1 - u * u)])
            }
        }
        for square in 0..<rows * columns {
            let corner = UInt32(square / columns * (columns + 1) + square % columns)
            let above = corner + UInt32(columns) + 1
            indices += [corner, corner + 1, above, corner + 1, above + 1, above]
        }
        let data = points.flatMap(Tetrahedron.floats) + indices.flatMap { Tetrahedron.little($0) }
        let node = #"[{"mesh":0,"translation":[1,2,3],"rotation":[0.5,0.5,0.5,0.5],"scale":[1,2,3]}]"#
        let json = GLTFSample.json(nodes: node)
            .replacing(#""count":4,"#, with: #""count":\#(points.count),"#)
            .replacing(#"5123,"count":12,"#, with: #"5125,"count":\#(indices.count),"#)
            .replacing(#""byteLength":48}"#, with: #""byteLength":\#(12 * points.count)}"#)
            .replacing(
                #""byteOffset":48,"byteLength":24"#,
                with: #""byteOffset":\#(12 * points.count),"byteLength":\#(4 * indices.count)"#
            )
            .replacing(#""byteLength":72"#, with: #""byteLength":\#(data.count)"#)
        return GLTFSample.glb(json, data: data)
    }
}
