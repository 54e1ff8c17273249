import Persistence
import SystemPackage
import TestSupport
import Testing

@testable import Pipeline

/// Tools that do one thing to a file and leave it in its format.
@Suite(.enabled(if: Machine.hasSandbox, "\(Machine.withoutSandbox)"))
struct ServiceToolTests {
    @Test(
        .enabled(if: RealTool.isInstalled(.admesh), "admesh is missing"),
        arguments: [true, false]
    ) func `holes are closed`(binary: Bool) async throws {
        try await withRealTool(.admesh) { tool in
            // A box without its last two triangles.
            var torn = Array(Samples.stl().prefix(84 + 10 * 50))
            torn[80] = 10
            var options = ConversionOptions()
            options.binary = binary
            let outcome = try await tool.run(torn, .stl, to: .stl, options: options)
            let triangles = try Reading.measure(outcome.out.string, format: .stl)?.triangles
            #expect(triangles == 12, "\(outcome.log)")
        }
    }

    @Test(
        arguments: [
            (Converter.gltfpack, "EXT_meshopt_compression"), (.draco, "KHR_draco_mesh_compression"),
        ].filter { RealTool.isInstalled($0.0) })
    func `a GLB is compressed as it says`(_ converter: Converter, mark: String) async throws {
        try await withRealTool(converter) { tool in
            let outcome = try await tool.run(Samples.glb(), .glb, to: .glb)
            #expect(outcome.failure == nil, "\(outcome.log)")
            let text = try head(of: outcome.out)
            #expect(text.contains(mark))
        }
    }

    @Test(.enabled(if: RealTool.isInstalled(.f3d), "f3d is missing"), arguments: [Format.glb, .stl, .obj, .ply, .gltf])
    func `a picture is drawn without a display`(format: Format) async throws {
        try await withRealTool(.f3d) { tool in
            let sample = try #require(Sample.of(format))
            let outcome = try await tool.run(sample, format, to: .png)
            #expect(outcome.failure == nil, "\(outcome.log)")
            let facts = try Reading.measure(outcome.out.string, format: .png)
            #expect(facts?.pixels == [512, 512])
        }
    }

    private func head(of file: FilePath) throws -> String {
        let descriptor = try FileDescriptor.open(file, .readOnly)
        return try descriptor.closeAfter {
            let bytes = try [UInt8](unsafeUninitializedCapacity: 4096) { buffer, count in
                count = try descriptor.read(into: UnsafeMutableRawBufferPointer(buffer))
            }
            return String(decoding: bytes, as: UTF8.self)
        }
    }
}
