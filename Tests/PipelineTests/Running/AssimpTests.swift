import Persistence
import TestSupport
import Testing

@testable import Pipeline

/// Every model of the samples, by the real Assimp into every format that is offered for it.
@Suite(.enabled(if: Machine.hasAssimp, "\(Machine.withoutAssimp)"))
struct AssimpTests {
    /// A box in one format.
    struct Source: Sendable, CustomTestStringConvertible {
        let format: Format
        let testDescription: String
        let bytes: [UInt8]

        init(_ format: Format, _ bytes: [UInt8], _ description: String? = nil) {
            self.format = format
            self.bytes = bytes
            testDescription = description ?? format.name
        }
    }

    static let sources = [
        Source(.obj, Samples.obj()), Source(.off, Samples.off()), Source(.x, Samples.x()), Source(.dxf, Samples.dxf()),
        Source(.stl, Samples.stl(), "binary stl"), Source(.stl, Samples.stlASCII(), "text stl"),
        Source(.ply, Samples.ply(), "binary ply"), Source(.ply, Samples.plyASCII(), "text ply"),
        Source(.threeDS, Samples.threeDS()), Source(.threeMF, Samples.threeMF()), Source(.gltf, Samples.gltf()),
        Source(.glb, Samples.glb()), Source(.dae, Samples.dae()), Source(.x3d, Samples.x3d()),
        Source(.fbx, Samples.fbx()),
    ]

    @Test(arguments: sources) func `a model becomes every format that is offered`(_ source: Source) async throws {
        try await withAssimp { bench in
            let targets = bench.catalogue.planner.targets(of: source.format).map(\.format)
            #expect(targets.count >= 7)
            for target in targets {
                let dossier = try await bench.convert(source.bytes, named: "box.\(source.format)", to: target)
                let geometry = dossier.artifact(.result)?.geometry
                #expect(dossier.job.status == .succeeded, "to \(target): \(String(describing: dossier.job.failure))")
                #expect(geometry?.triangles == Samples.triangles, "to \(target)")
                // A file may say that its unit and its up axis are others than is usual.
                let unit = geometry?.unit.flatMap { unit in Self.metres[target].map { unit / $0 } } ?? 1
                var found = (geometry?.extents ?? []).map { $0 * unit }
                if geometry?.up == "z", Self.isUpright.contains(target), found.count == 3 { found.swapAt(1, 2) }
                let isRight = isClose(found, extents(of: source.format, in: target))
                #expect(isRight, "to \(target): \(geometry?.extents ?? [])")
            }
        }
    }

    /// What the table of units and axes demands of the box.
    private func extents(of source: Format, in target: Format) -> [Double] {
        let size = Samples.extents.map(Double.init)
        guard let from = Self.metres[source], let to = Self.metres[target] else { return size }
        let isTurned = Self.isUpright.contains(source) != Self.isUpright.contains(target)
        let turned = isTurned ? [size[0], size[2], size[1]] : size
        return turned.map { $0 * from / to }
    }

    /// Of the samples and of what we write; the others have no unit.
    private static let metres: [Format: Double] = [
        .gltf: 1, .glb: 1, .dae: 1, .fbx: 0.01, .stl: 0.001, .threeMF: 0.001,
    ]

    /// Those whose Y points up.
    private static let isUpright: Set<Format> = [.gltf, .glb, .dae, .fbx]

    private func isClose(_ found: [Double], _ wanted: [Double]) -> Bool {
        found.count == wanted.count && zip(found, wanted).allSatisfy { abs($0 - $1) <= 1e-5 * $1 }
    }

    @Test func `a model without faces fails with a reason`() async throws {
        try await withAssimp { bench in
            let dossier = try await bench.convert(Samples.objWithoutFaces(), named: "box.obj", to: .glb)
            #expect(dossier.job.status == .failed)
            #expect([.invalidInput, .emptyResult].contains(dossier.job.failure?.code))
        }
    }

    @Test func `a hundred thousand triangles are all there`() async throws {
        try await withAssimp { bench in
            let dossier = try await bench.convert(Samples.obj(triangles: 100_000), to: .glb)
            #expect(dossier.artifact(.result)?.geometry?.triangles == 100_000)
        }
    }

    private func withAssimp(_ body: (Workbench) async throws -> Void) async throws {
        try await withTemporaryStore { store in
            let bench = try await Workbench(store, converters: [.assimp], .init(fileSize: 100 << 20))
            try await bench.working { try await body(bench) }
        }
    }
}
