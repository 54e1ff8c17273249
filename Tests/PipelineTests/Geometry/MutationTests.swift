import Persistence
import TestSupport
import Testing

@testable import Pipeline

struct MutationTests {
    private static let samples: [(kind: Reading.Kind, bytes: [UInt8])] = [
        (.stl, Tetrahedron.binarySTL), (.stl, Array(Tetrahedron.textSTL.utf8)), (.obj, Array(Tetrahedron.obj.utf8)),
        (.ply, Tetrahedron.binaryPLY()), (.ply, Tetrahedron.binaryPLY(bigEndian: true)),
        (.ply, Array(Tetrahedron.textPLY.utf8)), (.glb, GLTFSample.glb()), (.gltf, Array(GLTFSample.gltf().utf8)),
        (.glb, Samples.meshopt(isQuantised: true)), (.glb, Samples.meshopt(isQuantised: false)),
        (.off, Samples.off()), (.dae, Samples.dae()), (.threeMF, Samples.threeMF()), (.dxf, Samples.dxf()),
        (.png, Samples.png()), (.svg, Array("<svg viewBox='0 0 1 1'><g><path d='M0 0'/></g></svg>".utf8)),
    ]

    @Test(arguments: samples.indices)
    func `two thousand damaged copies of a model are read or refused, and nothing worse`(
        sample: Int
    ) throws {
        let (kind, bytes) = Self.samples[sample]
        let folder = try ModelFolder()
        var generator = SeededRandom(seed: UInt64(sample))
        var refused = 0
        for _ in 0..<2_000 {
            let path = try folder.write(damaged(bytes, &generator), as: "model")
            do throws(ReadError) {
                let geometry = try Reading.measure(path, format: kind)
                #expect(geometry?.extents?.allSatisfy { $0.isFinite && $0 >= 0 } ?? true)
                guard let format = Format.named(kind.rawValue), Normalisation.isPossible(in: format) else { continue }
                try Normalisation.millimetresZUpToMetresYUp.apply(to: path, format: kind)
                _ = try Reading.measure(path, format: kind)
            } catch { refused += 1 }
        }
        #expect(refused > 0)
        #expect(try folder.names() == ["model"])
    }

    @Test(arguments: MeshoptStream.all)
    func `damaged streams are decoded to their full length or refused`(_ stream: MeshoptStream) throws {
        var generator = SeededRandom(seed: UInt64(stream.bytes.count))
        var refused = 0
        for _ in 0..<2_000 {
            var view = stream.view
            let bytes = damaged(stream.bytes, &generator)
            if Bool.random(using: &generator) { view.count = Int.random(in: 0..<1_000, using: &generator) * 3 }
            do throws(ReadError) {
                let decoded = try view.decoded(bytes, budget: ReadBudget(ReadCaps()))
                #expect(decoded.count == view.size)
            } catch { refused += 1 }
        }
        #expect(refused > 0)
    }

    private func damaged(_ bytes: [UInt8], _ generator: inout SeededRandom) -> [UInt8] {
        var bytes = bytes
        for _ in 0...Int.random(in: 0..<4, using: &generator) where !bytes.isEmpty {
            let place = Int.random(in: bytes.indices, using: &generator)
            let end = min(bytes.count, place + Int.random(in: 1..<9, using: &generator))
            switch Int.random(in: 0..<7, using: &generator) {
            case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            case 1: bytes[place] = UInt8.random(in: 0...255, using: &generator)
            case 2: bytes[place] = UInt8.random(in: 48..<58, using: &generator)
            case 3: bytes.removeSubrange(place..<end)
            case 4: bytes.insert(contentsOf: bytes[place..<end], at: Int.random(in: bytes.indices, using: &generator))
            case 5: bytes.replaceSubrange(place..<end, with: repeatElement(255, count: end - place))
            default: if Int.random(in: 0..<8, using: &generator) == 0 { bytes.removeSubrange(place...) }
            }
        }
        return bytes
    }
}
